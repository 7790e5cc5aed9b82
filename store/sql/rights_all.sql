select role, resource, action, ownership from rights;
