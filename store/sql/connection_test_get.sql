select at, user_id, result from connection_tests where org_id = $1 and connection_id = $2;
