update matching_rules set state = 'active', activated_at = now(), activated_by = $4, version = version + 1
where org_id = $1 and id = $2 and version = $3 and state in ('simulated', 'retired');
