select version from warning_marks where org_id = $1 and id = $2;
