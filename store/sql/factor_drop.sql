delete from second_factors where org_id = $1 and user_id = $2;
