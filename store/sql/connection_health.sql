update connections set state = $3, problem = $4, param = $5, ok_at = case when $3 = 'ok' then now() else ok_at end
where org_id = $1 and id = $2;
