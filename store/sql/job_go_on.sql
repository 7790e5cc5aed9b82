update jobs set max_attempts = attempt + $5
where org_id = $1 and id = $2 and state = 'running' and worker = $3 and attempt = $4;
