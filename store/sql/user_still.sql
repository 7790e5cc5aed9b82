-- Whether a person is still who the request was let in for; kept so until the transaction ends.
select id from users where org_id = $1 and id = $2 and state = 'active'
  and role = case $3::text when 'support_content' then 'support' else $3 end
for share;
