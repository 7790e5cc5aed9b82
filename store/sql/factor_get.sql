select seed, last_step, confirmed_at from second_factors where org_id = $1 and user_id = $2;
