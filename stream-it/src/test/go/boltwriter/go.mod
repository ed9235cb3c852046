module dev.stream/boltwriter

go 1.25.0

require go.etcd.io/bbolt v1.5.0

require (
	dev.stream/examples/bolt-go v0.0.0
	golang.org/x/sys v0.45.0 // indirect
)

replace dev.stream/examples/bolt-go => ../../../../../examples/bolt-go
