-- Of any number at once one gets it.
delete from sign_ups where org_id = $1 and id = $2 and token_hash = $3 and expires_at > now()
returning profile, domain_id, invitation_id;
