package safety

import "simpul"

// The codes that this room finds by itself. Those of the journal and of the log are
// what [JournalCode] and [LogCode] make of the faults that their rooms name.
const (
	codeRestoring     Code = "store.restoring"
	codeChanged       Code = "store.changed"
	codeResized       Code = "store.resized"
	codeGone          Code = "store.missing"
	codeUnread        Code = "store.unread"
	codeUnsound       Code = "store.checksums"
	codeNoSums        Code = "store.no-checksums"
	codeUnsummed      Code = "store.not-summed"
	codeMark          Code = "store.restored"
	codeUnknown       Code = "store.unknown"
	codeWitness       Code = "store.witness"
	codeTorn          Code = "journal.torn"
	codeNoJournal     Code = "journal.none"
	codeEnding        Code = "journal.ending"
	codeUncheckedLog  Code = "log.unchecked"
	codeNoKey         Code = "log.no-key"
	codeOrphan        Code = "log.orphan"
	codeLeftover      Code = "log.leftover"
	codeNoDatabase    Code = "database.missing"
	codeUnopened      Code = "database.unopened"
	codeCorrupt       Code = "database.corrupt"
	codeDangling      Code = "database.dangling"
	codeUnreadTable   Code = "database.unread"
	codeUnmade        Code = "database.migration-missing"
	codeUnknownMade   Code = "database.migration-unknown"
	codeUnsummedPages Code = "database.no-checksums"
	codeTrail         Code = "database.trail"
	codeElsewhere     Code = "database.position-elsewhere"
	codeAhead         Code = "database.position-ahead"
	codeRemovedMore   Code = "database.removed"
	codeSealed        Code = "database.sealed"
	codeNoKeys        Code = "keys.missing"
	codeKeys          Code = "keys.unusable"
)

// JournalCode is the code of a fault that the journal names.
func JournalCode(fault string) Code { return Code("journal." + fault) }

// LogCode is the code of a fault that the transparency log names.
func LogCode(fault string) Code { return Code("log." + fault) }

// Codes that the wiring finds on behalf of other rooms.
const (
	TornJournal = codeTorn
	UnfitEnding = codeEnding
	NoLogKey    = codeNoKey
	OrphanLog   = codeOrphan
	LogLeftover = codeLeftover
)

// Kinds lists everything that a check can find, part by part. A new kind goes here, and
// into the table of docs/guide/hasil-fsck.md.
func Kinds() []Kind {
	var all []Kind
	for _, part := range [][]Kind{storeKinds(), journalKinds(), logKinds(), databaseKinds(), keyKinds()} {
		all = append(all, part...)
	}
	return all
}

func harm(code Code, id, en string, next simpul.Text) Kind {
	return Kind{code, true, simpul.Text{ID: id, EN: en}, next}
}

func remark(code Code, id, en string, next simpul.Text) Kind {
	return Kind{code, false, simpul.Text{ID: id, EN: en}, next}
}

// What is to be done most often.

func bringBack() simpul.Text {
	return simpul.Text{
		ID: "Jangan hapus apa pun. Salin folder data, lalu pulihkan ke folder lain dari cadangan terakhir (simpul restore).",
		EN: "Delete nothing. Copy the data folder, then restore the last backup into another folder (simpul restore).",
	}
}

func mendDisk() simpul.Text {
	return simpul.Text{
		ID: "Periksa pemilik dan mode berkas itu serta kesehatan disk (dmesg), lalu jalankan simpul fsck lagi.",
		EN: "Check the file's owner and mode, and the disk's health (dmesg), then run simpul fsck again.",
	}
}

func rebuilt() simpul.Text {
	return simpul.Text{
		ID: "Salin folder data. Bila bagian journal bersih, pindahkan folder log/JURNAL ke tempat lain dan jalankan hub: log dibangun ulang dari jurnal dan blocks.list sampai akar yang sama.",
		EN: "Copy the data folder. If the journal part is clean, move the folder log/JOURNAL elsewhere and start the hub: the log is built again from the journal and blocks.list, to the same root.",
	}
}

func nothing() simpul.Text {
	return simpul.Text{ID: "Tidak ada yang perlu dilakukan.", EN: "There is nothing to do."}
}

func storeKinds() []Kind {
	return []Kind{
		harm(codeRestoring, "Pemulihan ke folder ini terhenti; isinya tidak lengkap.", "Restoring into this folder was interrupted; it is not whole.",
			simpul.Text{ID: "Kosongkan folder ini dan jalankan simpul restore lagi.", EN: "Empty the folder and run simpul restore again."}),
		harm(codeChanged, "Isi berkas berubah sejak hub berhenti, dalam 65.536 bita mulai dari sini.", "The file's contents have changed since the hub stopped, within 65,536 bytes from here.", bringBack()),
		harm(codeResized, "Panjang berkas berubah sejak hub berhenti.", "The file's length has changed since the hub stopped.", bringBack()),
		harm(codeGone, "Berkas yang ada ketika hub berhenti kini tidak ada.", "A file that was there when the hub stopped is missing.", bringBack()),
		harm(codeUnread, "Berkas ini tidak dapat dibaca.", "This file cannot be read.", mendDisk()),
		harm(codeUnsound, "Daftar jumlah periksa rusak, maka perubahan sejak hub berhenti tidak dapat diperiksa.", "The list of checksums is damaged, so changes since the hub stopped cannot be checked.",
			simpul.Text{ID: "Periksa kesehatan disk. Bila tidak ada temuan lain, jalankan lalu hentikan hub: daftar itu ditulis baru.", EN: "Check the disk's health. If nothing else is found, start and stop the hub: the list is written anew."}),
		remark(codeNoSums, "Tidak ada jumlah periksa: hub mati mendadak, atau basis data dibuka sesudah hub berhenti. Bita yang berubah di dalam sebuah teks basis data tidak ditemukan.",
			"There are no checksums: the hub went down, or the database was opened after it stopped. A byte that changed within a text of the database is not found.",
			simpul.Text{ID: "Untuk pemeriksaan penuh, jalankan hub, hentikan dengan tertib (SIGTERM), lalu periksa lagi.", EN: "For a full check, start the hub, stop it in order (SIGTERM), and check again."}),
		remark(codeUnsummed, "Berkas ini terlalu besar untuk dijumlah ketika hub berhenti, atau berada di luar folder data: bita yang berubah di dalam sebuah teks tidak ditemukan.",
			"This file was too large to be summed when the hub stopped, or is outside of the data folder: a byte that changed within a text is not found.", nothing()),
		harm(codeMark, "Tanda pemulihan rusak: tidak diketahui lagi dari cadangan mana folder ini dipulihkan.", "The mark of restoring is damaged: it is no longer known from which backup this folder was restored.",
			simpul.Text{ID: "Cari peristiwa hub.restore di jejak audit, lalu pindahkan berkas itu dari folder data.", EN: "Look for hub.restore in the audit trail, then move the file out of the data folder."}),
		remark(codeUnknown, "Berkas ini bukan bagian hub dan tidak diperiksa.", "This file is no part of the hub and was not checked.",
			simpul.Text{ID: "Bila Anda tidak menaruhnya di sana, cari tahu siapa; pindahkan dari folder data.", EN: "If you did not put it there, find out who did; move it out of the data folder."}),
		remark(codeWitness, "Folder ini milik saksi, yang memeriksanya sendiri saat mulai. Isinya tidak ikut dicadangkan.", "This folder is a witness's own, which checks it when it starts. Backups do not hold it.", nothing()),
	}
}

func journalKinds() []Kind {
	return []Kind{
		harm(JournalCode("record-short"), "Jurnal berakhir di tengah sebuah catatan.", "The journal ends within a record.", bringBack()),
		harm(JournalCode("record-length"), "Panjang sebuah catatan jurnal mustahil.", "A record of the journal says a length that none has.", bringBack()),
		harm(JournalCode("record-checksum"), "Isi sebuah catatan jurnal bukan yang ditulis: jumlah periksanya tidak cocok.", "A record of the journal is not what was written: its checksum does not match.", bringBack()),
		harm(JournalCode("record-sequence"), "Sebuah catatan utuh berdiri di tempat catatan lain.", "An intact record stands where another belongs.", bringBack()),
		harm(JournalCode("header"), "Kepala berkas jurnal bukan yang ditulis.", "The header of a file of the journal is not what was written.", bringBack()),
		harm(JournalCode("version"), "Berkas jurnal ini ditulis oleh simpul dari versi lain, yang formatnya tidak dikenal.", "This file of the journal was written by another version of simpul, whose format is not known.",
			simpul.Text{ID: "Pakai versi simpul yang menulisnya, atau yang lebih baru.", EN: "Use the version of simpul that wrote it, or a newer one."}),
		harm(JournalCode("name"), "Nama berkas jurnal bukan nama yang tertulis di kepalanya: berkas ini diganti nama atau disalin.", "The file's name is not the one in its header: it was renamed or copied.",
			simpul.Text{ID: "Cari tahu siapa yang mengganti namanya, lalu kembalikan.", EN: "Find out who renamed it, and give it its name again."}),
		harm(JournalCode("number"), "Berkas ini bernama seperti berkas jurnal, tetapi bukan. Hub tidak mau mulai di sebelahnya.", "This file is named like one of the journal, and is none. The hub does not start beside it.",
			simpul.Text{ID: "Pindahkan berkas itu dari folder data.", EN: "Move the file out of the data folder."}),
		harm(JournalCode("foreign"), "Berkas ini milik jurnal lain.", "This file belongs to another journal.", bringBack()),
		harm(JournalCode("missing"), "Catatan jurnal hilang: ujung berkas ini terpotong, atau berkas jurnal sesudahnya tidak ada.", "Records of the journal are missing: the end of this file was cut off, or the file of the journal after it is gone.", bringBack()),
		harm(JournalCode("twice"), "Catatan jurnal berdiri di dua berkas.", "Records of the journal stand in two files.", bringBack()),
		harm(codeEnding, "Akhir jurnal terdahulu tidak cocok dengan yang ada: catatan tentang akhirnya, lognya, atau awal jurnal penerusnya bukan yang ditulis.",
			"The end of an earlier journal does not fit what is there: what says how it ended, its log, or the beginning of the journal that goes on is not what was written.", bringBack()),
		harm(JournalCode("removed"), "Berkas yang mengatakan sampai mana retensi menghapus jurnal bukan yang ditulis.", "The file that says up to where retention removed the journal is not what was written.",
			simpul.Text{ID: "Pulihkan evidence/removed dari cadangan; basis data (evidence_removal) dan jejak audit memuat isinya.", EN: "Restore evidence/removed from a backup; the database (evidence_removal) and the audit trail have its contents."}),
		harm(JournalCode("unread"), "Berkas jurnal ini tidak dapat dibaca.", "This file of the journal cannot be read.", mendDisk()),
		harm(codeNoJournal, "Jurnal tidak ada di folder ini, padahal log transparansinya ada.", "There is no journal in this folder, and its transparency log is there.", bringBack()),
		remark(codeTorn, "Berakhir dengan tulisan yang terputus, seperti setelah mesin mati; hub membuangnya saat dijalankan.", "Ends with an interrupted write, as after a machine went down; the hub removes it when it starts.",
			simpul.Text{ID: "Tidak ada, bila mesin memang mati mendadak: tidak ada yang pernah diberi tahu bahwa catatan itu tersimpan.", EN: "Nothing, if the machine did go down: nobody was told that this record is on disk."}),
	}
}

func logKinds() []Kind {
	return []Kind{
		harm(LogCode("list-missing"), "Daftar blok log transparansi tidak ada.", "The list of the transparency log's blocks is missing.", listNext()),
		harm(LogCode("list-head"), "Kepala daftar blok bukan yang ditulis, atau daftar ini milik jurnal lain.", "The head of the list of blocks is not what was written, or the list belongs to another journal.", bringBack()),
		harm(LogCode("list-block"), "Sebuah blok pada daftar bukan yang ditulis.", "A block on the list is not what was written.", bringBack()),
		harm(LogCode("list-short"), "Daftar blok berakhir sebelum log berakhir.", "The list of blocks ends before the log does.", listNext()),
		remark(LogCode("list-tail"), "Daftar blok berakhir dengan tulisan yang terputus, seperti setelah mesin mati; hub membuangnya saat dijalankan.", "The list of blocks ends with an interrupted write, as after a machine went down; the hub removes it when it starts.", nothing()),
		harm(LogCode("border"), "Daftar blok maupun log tidak mengatakan catatan mana yang dicakup sebuah entri; yang sesudahnya tidak diperiksa.", "Neither the list of blocks nor the log says which records an entry covers; what comes after it was not checked.", bringBack()),
		harm(LogCode("journal-shorter"), "Log mencakup catatan yang tidak ada di jurnal: ujung berkas jurnal ini terpotong, atau berkas sesudahnya tidak ada.", "The log covers records that the journal does not have: the end of this file of the journal was cut off, or files after it are gone.", bringBack()),
		harm(LogCode("journal"), "Catatan yang dicakup sebuah entri log tidak dapat dibaca dari jurnal.", "The records that an entry of the log covers cannot be read from the journal.", bringBack()),
		harm(LogCode("missing"), "Berkas log transparansi ini tidak ada.", "This file of the transparency log is missing.", rebuilt()),
		harm(LogCode("stranger"), "Log transparansi tidak memiliki berkas seperti ini.", "The transparency log has no such file.",
			simpul.Text{ID: "Cari tahu siapa yang menaruhnya, lalu pindahkan dari folder log.", EN: "Find out who put it there, and move it out of the log's folder."}),
		harm(LogCode("other"), "Berkas log transparansi ini bukan yang diturunkan dari jurnal.", "This file of the transparency log is not what follows from the journal.", rebuilt()),
		harm(LogCode("ahead"), "Berkas log ini memuat lebih banyak entri daripada jurnal dan daftar blok.", "This file of the log says more entries than the journal and the list of blocks have.", bringBack()),
		harm(LogCode("checkpoint"), "Checkpoint tidak ditandatangani dengan kunci log ini, atau berubah sesudahnya.", "The checkpoint is not signed with this log's key, or was changed afterwards.", rebuilt()),
		harm(LogCode("unread"), "Berkas log transparansi ini tidak dapat dibaca.", "This file of the transparency log cannot be read.", mendDisk()),
		harm(codeNoKey, "Log transparansi tidak diperiksa: kuncinya tidak terbaca dari basis data.", "The transparency log was not checked: its key cannot be read from the database.",
			simpul.Text{ID: "Perbaiki dahulu temuan tentang basis data dan jurnal, lalu jalankan simpul fsck lagi.", EN: "Mend first what was found about the database and the journal, then run simpul fsck again."}),
		remark(codeUncheckedLog, "Log transparansi ada, tetapi tidak diperiksa.", "There is a transparency log, and it was not checked.",
			simpul.Text{ID: "Jalankan simpul fsck dari program hub yang lengkap.", EN: "Run simpul fsck of the hub's own program."}),
		remark(codeOrphan, "Folder log ini milik jurnal yang tidak ada di sini; isinya tidak diperiksa.", "This folder of a log belongs to a journal that is not here; it was not checked.",
			simpul.Text{ID: "Simpan: bukti lama merujuk kepadanya. Periksa bersama jurnalnya.", EN: "Keep it: older proofs refer to it. Check it beside its journal."}),
		remark(codeLeftover, "Sisa tulisan log yang terputus, seperti setelah mesin mati; tidak dipakai.", "What an interrupted write of the log left, as after a machine went down; nothing uses it.", nothing()),
	}
}

func listNext() simpul.Text {
	return simpul.Text{
		ID: "Bila bagian log tidak memuat temuan lain, jalankan hub: daftar itu dilengkapi dari log. Bila ada, pulihkan dari cadangan (simpul restore).",
		EN: "If nothing else is found in the log, start the hub: the list is completed from the log. If something is, restore a backup (simpul restore).",
	}
}

func databaseKinds() []Kind {
	return []Kind{
		harm(codeNoDatabase, "Berkas basis data tidak ada.", "The database file is missing.", bringBack()),
		harm(codeUnopened, "Basis data tidak dapat dibuka.", "The database cannot be opened.", bringBack()),
		harm(codeCorrupt, "Susunan basis data rusak.", "The database's structure is damaged.", bringBack()),
		harm(codeDangling, "Sebuah baris basis data merujuk baris yang tidak ada.", "A row of the database refers to one that does not exist.", bringBack()),
		harm(codeUnreadTable, "Tabel ini tidak dapat dibaca seluruhnya.", "This table cannot be read to its end.", bringBack()),
		harm(codeUnmade, "Sebuah migrasi basis data belum dijalankan.", "A migration of the database was not made.",
			simpul.Text{ID: "Jalankan simpul migrate dengan versi simpul ini.", EN: "Run simpul migrate with this version of simpul."}),
		harm(codeUnknownMade, "Basis data memuat migrasi yang tidak dikenal versi simpul ini.", "The database has a migration that this version of simpul does not know.",
			simpul.Text{ID: "Pakai versi simpul yang lebih baru.", EN: "Use a newer version of simpul."}),
		remark(codeUnsummedPages, "Klaster PostgreSQL ini tanpa data checksums: bita yang berubah di dalam sebuah baris tidak ditemukan.", "This PostgreSQL cluster has no data checksums: a byte that changed within a row is not found.",
			simpul.Text{ID: "Hidupkan dengan pg_checksums --enable selagi klaster berhenti.", EN: "Turn them on with pg_checksums --enable while the cluster is stopped."}),
		harm(codeTrail, "Jejak audit tidak utuh.", "The audit trail is not intact.",
			simpul.Text{ID: "Bandingkan dengan cadangan basis data, dan laporkan kepada petugas keamanan.", EN: "Compare it with a backup of the database, and report it to the security officer."}),
		remark(codeElsewhere, "Memuat posisi jurnal yang tidak ada di folder ini: milik gerbang lain, atau jurnal yang hilang.", "Holds the position of a journal that is not in this folder: another gateway's, or one that is lost.",
			simpul.Text{ID: "Pastikan jurnal itu ada pada gerbang lain; bila tidak, pulihkan dari cadangannya.", EN: "Make sure that another gateway has that journal; if none has, restore it from its backup."}),
		harm(codeAhead, "Sudah membaca jurnal lebih jauh daripada jurnal berakhir: catatan di antaranya hilang.", "Has read the journal beyond its end: the records between are lost.", bringBack()),
		remark(codeRemovedMore, "Berkas removed mengatakan lebih banyak catatan jurnal dihapus oleh retensi daripada yang diketahui basis data.", "The file removed says that retention removed more records of the journal than the database knows of.",
			simpul.Text{ID: "Wajar bila folder ini dipulihkan dari cadangan yang diambil saat retensi bekerja. Bila tidak, cari tahu siapa yang menulis berkas itu: ia dapat menutupi hilangnya catatan.",
				EN: "To be expected where this folder was restored from a backup that was taken while retention was at work. Otherwise find out who wrote that file: it can cover up for lost records."}),
		harm(codeSealed, "Nilai tersegel ini tidak dapat dibuka: isinya berubah.", "This sealed value does not open: it was changed.", bringBack()),
	}
}

func keyKinds() []Kind {
	return []Kind{
		remark(codeNoKeys, "Berkas kunci tidak ada di sini; nilai tersegel tidak diperiksa.", "The key file is not here; sealed values were not checked.",
			simpul.Text{ID: "Bawa berkas itu sebelum hub dijalankan.", EN: "Bring it before the hub is started."}),
		harm(codeKeys, "Berkas kunci tidak dapat dipakai; nilai tersegel tidak diperiksa.", "The key file cannot be used; sealed values were not checked.",
			simpul.Text{ID: "Jangan jalankan hub. Kembalikan berkas kunci dari ekspornya (simpul vault fetch) atau dari cadangan dengan kunci.", EN: "Do not start the hub. Bring the key file back from its export (simpul vault fetch) or from a backup with keys."}),
	}
}
