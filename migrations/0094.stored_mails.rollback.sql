update mail as m set body = b.body from mail_body as b where b.mail_id = m.id;
drop table mail_body;
