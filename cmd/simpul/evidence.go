package main

type evidenceCmd struct {
	Get     evidenceGetCmd     `cmd:"" help:"Ambil bukti sebuah pertukaran." en:"Get the proof of an exchange."`
	Keys    evidenceKeysCmd    `cmd:"" help:"Ambil kunci publik hub dan saksinya." en:"Get the public keys of the hub and its witnesses."`
	Seals   evidenceSealsCmd   `cmd:"" name:"sealing-keys" help:"Kunci yang menyegel bagian pribadi catatan, dan pemusnahannya." en:"The keys that seal the personal part of records, and their destruction."`
	Field   evidenceFieldCmd   `cmd:"" help:"Buktikan satu kolom sebuah jawaban tanpa menunjukkan yang lain." en:"Prove one field of an answer without showing the others."`
	Views   evidenceViewsCmd   `cmd:"" help:"Tampilkan sampai mana tiap tampilan sudah membaca jurnal." en:"Show how far each view has read the journals."`
	Renew   evidenceRenewCmd   `cmd:"" help:"Akhiri jurnal hub yang berhenti, dan lanjutkan dengan jurnal baru." en:"End the journal of a stopped hub, and go on with a new one."`
	Rebuild evidenceRebuildCmd `cmd:"" help:"Buang sebuah tampilan dan bangun ulang dari jurnal." en:"Drop a view and build it anew from the journals."`
}
