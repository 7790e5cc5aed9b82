update invitations set uses_left = uses_left - 1 where org_id = $1 and id = $2 and uses_left > 0 and expires_at > now();
