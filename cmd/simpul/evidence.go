package main

type evidenceCmd struct {
	Get  evidenceGetCmd  `cmd:"" help:"Ambil bukti sebuah pertukaran." en:"Get the proof of an exchange."`
	Keys evidenceKeysCmd `cmd:"" help:"Ambil kunci publik hub dan saksinya." en:"Get the public keys of the hub and its witnesses."`
}
