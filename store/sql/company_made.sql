update company_claims set remote_id = $3, at = now() where org_id = $1 and id = $2 returning id;
