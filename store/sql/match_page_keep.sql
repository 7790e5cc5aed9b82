update match_pages set body = $5 where org_id = $1 and run = $2 and last_key = $3 and last_number = $4;
