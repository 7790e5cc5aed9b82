-- Whether a person is still who the request was let in for; kept so until the transaction ends.
select u.id from users u where u.org_id = $1 and u.id = $2 and u.state = 'active'
  and u.role = case $3::text when 'support_content' then 'support' else $3 end
  and (u.role <> 'support' or exists (
    select from support_grants g where g.org_id = $1 and g.user_id = u.id and g.ended_at is null and g.expires_at > now()))
for share of u;
