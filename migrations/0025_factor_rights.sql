-- Every role sees its own sessions and looks after its own second factor, those that came after these rights too.
insert into rights (role, resource, action, ownership)
select r, 'second_factor', a, 'own'
from unnest('{reporter,support,support_content}'::text[]) r, unnest('{read,update}'::text[]) a
on conflict do nothing;
insert into rights (role, resource, action, ownership)
select r, 'session', 'list', 'own' from unnest('{reporter,support,support_content}'::text[]) r
on conflict do nothing;
