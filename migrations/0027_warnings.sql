-- What administrators should know of the instance's settings.

insert into rights (role, resource, action, ownership) values ('admin', 'warning', 'list', 'any');
