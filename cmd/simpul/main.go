// Command simpul is the government service hub and the tool to work with it.
//
// A command that talks to a running hub does so through the control API alone,
// with the caller's own token: it can do nothing that the API would not let the
// caller do. Each command stands in the file of its name; what they share:
//
//   - run.go       parses the command line, runs, reports, gives the exit status
//   - console.go   the streams and the language of the person
//   - failure.go   how an error ends a command: 0 done, 1 failed, 2 usage
//   - help.go      --help in two languages
//   - load.go      -f FILE into checked documents
//   - hub.go       which hub, and whether the token may go there
//   - call.go      one request to the control API; list.go: a whole collection
//   - refusal.go   the control API's problem documents
//   - table.go     answers as aligned columns
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// grammar is the command line, one field for each command in the order of the
// help. A field's help is Indonesian, its en English; a command's Help method
// gives examples.
type grammar struct {
	Serve       serveCmd       `cmd:"" help:"Jalankan hub sampai dihentikan." en:"Run the hub until it is stopped."`
	Demo        demoCmd        `cmd:"" help:"Jalankan negara contoh dalam satu proses." en:"Run the demo nation in one process."`
	Migrate     migrateCmd     `cmd:"" help:"Bawa basis data ke versi ini." en:"Bring the database to this version."`
	Fsck        fsckCmd        `cmd:"" help:"Periksa seluruh simpanan hub yang berhenti." en:"Check the whole store of a stopped hub."`
	Backup      backupCmd      `cmd:"" help:"Cadangkan hub yang sedang berjalan ke satu berkas terenkripsi." en:"Back up a running hub into one encrypted file."`
	Restore     restoreCmd     `cmd:"" help:"Pulihkan cadangan ke folder kosong." en:"Restore a backup into an empty folder."`
	Token       tokenCmd       `cmd:"" help:"Kelola token API kendali." en:"Manage control API tokens."`
	Apply       applyCmd       `cmd:"" help:"Terapkan sumber daya dari berkas ke hub." en:"Apply resources from files to the hub."`
	Diff        diffCmd        `cmd:"" help:"Tunjukkan apa yang akan diubah oleh apply." en:"Show what apply would change."`
	Get         getCmd         `cmd:"" help:"Tampilkan sumber daya hub." en:"Show resources of the hub."`
	Delete      deleteCmd      `cmd:"" help:"Hapus satu sumber daya." en:"Delete one resource."`
	Key         keyCmd         `cmd:"" help:"Kelola kunci API sebuah aplikasi." en:"Manage an application's API keys."`
	Proposal    proposalCmd    `cmd:"" help:"Putuskan apa yang memerlukan dua orang." en:"Decide on what needs two people."`
	Lid         lidCmd         `cmd:"" help:"Kelola daur hidup sebuah LID." en:"Manage the life of a LID."`
	Lifecycle   lifecycleCmd   `cmd:"" help:"Tahap hidup LID, tenggatnya, dan kalender hari kerja." en:"Steps of a LID's life, what is due, and working days."`
	Access      accessCmd      `cmd:"" help:"Ajukan dan putuskan akses ke LID." en:"Ask for and decide on access to LIDs."`
	Grant       grantCmd       `cmd:"" help:"Pindahkan izin ke versi lain." en:"Move grants to another version."`
	Limit       limitCmd       `cmd:"" help:"Lihat pemakaian batas panggilan." en:"See how far limits of calls are used."`
	Audit       auditCmd       `cmd:"" help:"Baca jejak audit." en:"Read the audit trail."`
	Retention   retentionCmd   `cmd:"" help:"Atur berapa lama data disimpan." en:"Set how long data is kept."`
	Log         logCmd         `cmd:"" help:"Tampilkan catatan akses, satu baris per pertukaran." en:"Show the access log, one line for each exchange."`
	Evidence    evidenceCmd    `cmd:"" help:"Ambil bukti pertukaran dan kunci publik hub." en:"Get proofs of exchanges, and the hub's public keys."`
	Verify      verifyCmd      `cmd:"" help:"Periksa bukti pertukaran, tanpa hub dan tanpa jaringan." en:"Check the proof of an exchange, without a hub or a network."`
	Metering    meteringCmd    `cmd:"" help:"Periksa dan ulangi hitungan pemakaian." en:"Check the counts of usage, and count anew."`
	Witness     witnessCmd     `cmd:"" help:"Jadi saksi log bukti, dan lihat saksi hub." en:"Be a witness of evidence logs, and see the hub's witnesses."`
	Incident    incidentCmd    `cmd:"" help:"Tangani insiden data pribadi." en:"Handle incidents of personal data."`
	Tracker     trackerCmd     `cmd:"" help:"Siapa yang melihat data seseorang, dan mengapa." en:"Who looked at a person's data, and why."`
	Vault       vaultCmd       `cmd:"" help:"Jaga kunci hub." en:"Guard the hub's keys."`
	Inbox       inboxCmd       `cmd:"" help:"Tampilkan kotak masuk Anda." en:"Show your inbox."`
	Mail        mailCmd        `cmd:"" help:"Periksa pengiriman surel." en:"Check that mail goes out."`
	Account     accountCmd     `cmd:"" help:"Kelola akun orang." en:"Manage people's accounts."`
	Application applicationCmd `cmd:"" help:"Kelola aplikasi instansi." en:"Manage an agency's applications."`
	Agency      agencyCmd      `cmd:"" help:"Kelola status, alamat, dan unit instansi." en:"Manage an agency's standing, addresses and units."`
	Onboarding  onboardingCmd  `cmd:"" help:"Kelola penunjukan PIC." en:"Manage appointments of PICs."`
	Refcode     refcodeCmd     `cmd:"" help:"Tanya, impor, dan ekspor kode referensi." en:"Look up, import and export reference codes."`
	Quality     qualityCmd     `cmd:"" help:"Tampilkan mutu keterangan LID dan apa yang perlu dibenahi." en:"Show how well LIDs are described and what to mend."`
	Report      reportCmd      `cmd:"" help:"Buat laporan bukti sebuah instansi untuk audit SPBE." en:"Make an agency's evidence report for the SPBE audit."`
	Standard    standardCmd    `cmd:"" help:"Putuskan standar data." en:"Decide on data standards."`
	Version     versionCmd     `cmd:"" help:"Tampilkan versi program ini." en:"Show the version of this program."`

	Lang string   `enum:"id,en" default:"${lang}" placeholder:"id|en" env:"SIMPUL_LANG" help:"Bahasa pesan: id atau en." en:"Language of messages: id or en."`
	Help helpFlag `short:"h" help:"Tampilkan bantuan ini." en:"Show this help."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], newConsole(os.Args[1:], os.Getenv))
	stop()
	os.Exit(status)
}
