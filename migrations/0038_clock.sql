-- What has ended stays ended, even when a clock goes back; and the bin keeps for 30 days, not until somebody empties it.

grant create on schema kartei to kartei_guard;
set local role kartei_guard;
create or replace function guard_session(p_token_hash bytea, p_idle_ms bigint)
  returns table (org_id uuid, id uuid, created_at timestamptz, seen_at timestamptz, expires_at timestamptz,
                 user_id uuid, role text, state text, profile bytea, user_version bigint, user_created_at timestamptz,
                 grant_id uuid, grant_area text, grant_reason bytea)
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
begin
  return query
    select s.org_id, s.id, s.created_at, s.seen_at, s.expires_at, u.id, u.role, u.state, u.profile, u.version, u.created_at,
      g.id, g.area, g.reason
    from sessions s join users u on u.org_id = s.org_id and u.id = s.user_id
      left join support_grants g on g.org_id = u.org_id and g.user_id = u.id and u.role = 'support' and g.ended_at is null
        and g.expires_at > now()
    where s.token_hash = p_token_hash and u.state = 'active' and s.expires_at > now()
      and s.seen_at > now() - p_idle_ms * interval '1 millisecond' and (u.role <> 'support' or g.id is not null);
  if found then
    update sessions s set seen_at = now()
    where s.token_hash = p_token_hash and s.seen_at < now() - interval '1 minute';
  else -- a session that was once found to have ended does not come back
    delete from sessions s
    where s.token_hash = p_token_hash and (s.expires_at <= now() or s.seen_at <= now() - p_idle_ms * interval '1 millisecond');
  end if;
end
$$;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;

-- Whether something of that time of deletion is there still: STORE_BIN_MS of store/keep/purge.h.
create function bin_kept(p_deleted_at timestamptz) returns boolean
  language sql stable parallel safe
  as $$ select p_deleted_at is null or p_deleted_at > now() - interval '30 days' $$;
