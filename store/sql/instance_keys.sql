select name, wrapped_key, master from instance_keys order by name;
