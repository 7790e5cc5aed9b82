select array_to_string(second_factor_roles, ' '), version from sign_in_policies where org_id = $1;
