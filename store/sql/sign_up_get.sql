select profile, invitation_id, role from sign_ups where org_id = $1 and id = $2 and expires_at > now();
