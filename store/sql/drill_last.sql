select at, passed, program, detail from drills where kind = $1 order by at desc, id desc limit 1;
