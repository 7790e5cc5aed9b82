update scans set state = $4, version = version + 1, problem = null, param = null
where org_id = $1 and id = $2 and state = $3;
