select table_name, column_name from sealed_columns where $1::uuid is not null order by table_name, column_name;
