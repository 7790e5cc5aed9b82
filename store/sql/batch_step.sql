update batches set state = $4, problem = $5, version = version + 1
where org_id = $1 and id = $2 and state = $3 and ($6::bigint = 0 or version = $6::bigint) returning id;
