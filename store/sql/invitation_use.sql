-- Of any number at once as many succeed as there are uses: the row is locked by the first, and looked at again by the next.
update invitations set used = used + 1
where org_id = $1 and id = $2 and used < uses and expires_at > now() and revoked_at is null;
