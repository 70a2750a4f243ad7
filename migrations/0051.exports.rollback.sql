drop table export_part, export;
