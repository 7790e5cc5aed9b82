update mailboxes set admin_asked_at = case $3 when 'asked' then now() when 'given' then coalesce(admin_asked_at, now()) end,
  admin_given_at = case $3 when 'given' then now() end
where org_id = $1 and id = $2;
