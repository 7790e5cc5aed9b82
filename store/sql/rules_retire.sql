update matching_rules set state = 'retired', version = version + 1 where org_id = $1 and state = 'active';
