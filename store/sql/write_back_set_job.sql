update write_backs set job_id = $3 where org_id = $1 and id = $2;
