module gt02/examples/go

go 1.17
