drop table job_run;
