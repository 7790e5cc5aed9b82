update scans set state = $4, version = version + 1, width = $5, height = $6, advice = $7, problem = $8, param = $9
where org_id = $1 and id = $2 and state = $3;
