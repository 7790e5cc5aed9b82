insert into instance_keys (name, wrapped_key, master) values ($1, $2, $3) on conflict (name) do nothing;
