select wrapped_key, master from instance_keys where name = $1;
