package main

type evidenceCmd struct {
	Field evidenceFieldCmd `cmd:"" help:"Buktikan satu kolom sebuah jawaban tanpa menunjukkan yang lain." en:"Prove one field of an answer without showing the others."`
}
