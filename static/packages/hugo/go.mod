module feelback

go 1.20
