update invitations set revoked_at = now() where org_id = $1 and id = $2 and revoked_at is null;
