select id, remote_id from company_claims where org_id = $1 and connection_id = $2 and name_hash = $3;
