update instance_keys set wrapped_key = $3, master = $4 where name = $1 and wrapped_key = $2;
