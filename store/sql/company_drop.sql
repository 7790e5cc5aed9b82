delete from company_claims where org_id = $1 and id = $2 and remote_id is null;
