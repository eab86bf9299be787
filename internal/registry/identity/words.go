package identity

import (
	"context"
	"strings"

	"simpul"
	"simpul/internal/platform/web"
)

// area is a part of the control plane, with what may be done there.
type area struct {
	name simpul.Text
	acts []deed
}

// deed is what a permission lets somebody do, in a word for the matrix and in a
// sentence for the form.
type deed struct {
	permission simpul.Permission
	word       simpul.Text
	sentence   simpul.Text
}

func deedOf(p simpul.Permission, wordID, wordEN, sentenceID, sentenceEN string) deed {
	return deed{p, simpul.Text{ID: wordID, EN: wordEN}, simpul.Text{ID: sentenceID, EN: sentenceEN}}
}

// areas are all permissions, in the order in which the screens show them.
func areas() []area {
	return []area{
		{simpul.Text{ID: "Instansi", EN: "Agencies"}, []deed{
			deedOf(simpul.ReadAgencies, "lihat", "see", "melihat instansi", "see agencies"),
			deedOf(simpul.WriteAgencies, "ubah", "edit", "mengubah profil instansi", "edit the agency's profile"),
			deedOf(simpul.ApproveAgencies, "terima", "admit", "menerima dan membekukan instansi", "admit and suspend agencies")}},
		{simpul.Text{ID: "Aplikasi dan kunci", EN: "Applications and keys"}, []deed{
			deedOf(simpul.ReadApplications, "lihat", "see", "melihat aplikasi", "see applications"),
			deedOf(simpul.WriteApplications, "ubah", "edit", "mengelola aplikasi dan kuncinya", "manage applications and their keys"),
			deedOf(simpul.TryLIDs, "coba panggil", "try calls", "memanggil LID dengan tangan sebagai aplikasi instansi", "call LIDs by hand as the agency's applications")}},
		{simpul.Text{ID: "Penerbit token", EN: "Issuers of tokens"}, []deed{
			deedOf(simpul.ReadIssuers, "lihat", "see", "melihat penerbit token yang dipercaya", "see the issuers whose tokens are believed"),
			deedOf(simpul.WriteIssuers, "ubah", "edit", "menentukan penerbit token yang dipercaya", "decide whose tokens are believed")}},
		{simpul.Text{ID: "LID", EN: "LIDs"}, []deed{
			deedOf(simpul.ReadLIDs, "lihat", "see", "melihat LID", "see LIDs"),
			deedOf(simpul.WriteLIDs, "ubah", "edit", "menerbitkan LID", "publish LIDs"),
			deedOf(simpul.RegisterLIDs, "daftarkan", "register", "mendaftarkan LID dalam katalog nasional", "register LIDs in the national catalogue"),
			deedOf(simpul.WaiveLIDs, "kecualikan", "waive", "menandatangani pengecualian uji kelaikan", "sign waivers of the feasibility test"),
			deedOf(simpul.WriteLifecycle, "atur daur hidup", "set the life cycle", "mengubah langkah daur hidup dan kalender kerja", "change the steps of the life cycle and the working calendar"),
			deedOf(simpul.HarvestCatalogs, "panen", "harvest", "memanen katalog lain", "take in other catalogues")}},
		{simpul.Text{ID: "Standar dan kode referensi", EN: "Standards and reference codes"}, []deed{
			deedOf(simpul.ReadStandards, "lihat", "see", "melihat standar dan kode referensi", "see standards and reference codes"),
			deedOf(simpul.WriteStandards, "ubah", "edit", "menyusun standar, kode referensi dan metadata", "write standards, reference codes and metadata"),
			deedOf(simpul.ApproveStandards, "sahkan", "approve", "mengesahkan standar data", "approve data standards")}},
		{simpul.Text{ID: "Izin akses", EN: "Grants"}, []deed{
			deedOf(simpul.ReadGrants, "lihat", "see", "melihat izin akses", "see grants"),
			deedOf(simpul.WriteGrants, "ubah", "edit", "memberi dan mencabut izin akses", "give and end grants")}},
		{simpul.Text{ID: "Pertukaran", EN: "Exchanges"}, []deed{
			deedOf(simpul.ReadExchanges, "lihat", "see", "melihat catatan pertukaran", "see records of exchanges"),
			deedOf(simpul.CountAnew, "hitung ulang", "count anew", "menghitung ulang pemakaian", "have usage counted anew"),
			deedOf(simpul.TendViews, "bangun ulang", "rebuild", "melihat dan membangun ulang tampilan catatan", "see and rebuild what is derived from the records")}},
		{simpul.Text{ID: "Insiden", EN: "Incidents"}, []deed{
			deedOf(simpul.HandleIncidents, "tangani", "handle", "mencari siapa yang terdampak insiden dan menyusun pemberitahuannya", "find whom an incident affected and write the notice")}},
		{simpul.Text{ID: "Pengguna", EN: "People"}, []deed{
			deedOf(simpul.ReadAccounts, "lihat", "see", "melihat pengguna", "see people"),
			deedOf(simpul.WriteAccounts, "ubah", "edit", "mengundang, memulihkan dan menutup akun", "invite, recover and close accounts")}},
		{simpul.Text{ID: "Data pribadi pengguna", EN: "People's personal data"}, []deed{
			deedOf(simpul.ExportPeople, "ekspor", "export", "mengekspor data seseorang", "export a person's data"),
			deedOf(simpul.ErasePeople, "hapus", "erase", "menghapus data pribadi", "erase personal data")}},
		{simpul.Text{ID: "Jejak akses warga", EN: "Who looked at people's data"}, []deed{
			deedOf(simpul.TracePeople, "buka di loket", "open at the counter", "membuka jejak akses bagi warga di loket", "open the access tracker for people at the counter"),
			deedOf(simpul.AnswerPeople, "jawab", "answer", "menjawab warga yang bertanya mengapa datanya dilihat", "answer people who ask why their data were seen"),
			deedOf(simpul.DelayDisclosure, "tunda", "delay", "mengusulkan penundaan pengungkapan akses", "propose to show accesses later"),
			deedOf(simpul.KeepTracker, "kelola", "keep", "mengelola kunci dan tenggat jejak akses", "keep the keys and deadlines of the access tracker")}},
		{simpul.Text{ID: "Persetujuan orang kedua", EN: "Second person's approval"}, []deed{
			deedOf(simpul.ReadProposals, "lihat", "see", "melihat yang menunggu persetujuan", "see what waits for approval"),
			deedOf(simpul.DecideProposals, "putuskan", "decide", "memutuskan usulan orang lain", "decide on what others propose")}},
		{simpul.Text{ID: "Jejak audit", EN: "Audit trail"}, []deed{
			deedOf(simpul.ReadAudit, "lihat", "see", "membaca jejak audit", "read the audit trail")}},
		{simpul.Text{ID: "Masa simpan", EN: "Retention"}, []deed{
			deedOf(simpul.ReadRetention, "lihat", "see", "melihat masa simpan", "see how long things are kept"),
			deedOf(simpul.WriteRetention, "ubah", "edit", "mengubah masa simpan", "change how long things are kept")}},
		{simpul.Text{ID: "Akses darurat", EN: "Emergency access"}, []deed{
			deedOf(simpul.BreakGlass, "ambil", "take", "mengambil peran lain dalam keadaan darurat", "take another role in an emergency")}},
		{simpul.Text{ID: "Peran", EN: "Roles"}, []deed{
			deedOf(simpul.WriteRoles, "ubah", "edit", "mengubah isi peran", "change what roles contain")}},
		{simpul.Text{ID: "Hub dan kuncinya", EN: "Hubs and their keys"}, []deed{
			deedOf(simpul.EnrolHubs, "daftar", "enrol", "mendaftarkan hub lain", "enrol other hubs"),
			deedOf(simpul.ExportKeys, "ekspor", "export", "mengekspor kunci hub", "export the hub's keys")}},
		{simpul.Text{ID: "Akun sendiri", EN: "One's own account"}, []deed{
			deedOf(simpul.OwnAccount, "ya", "yes", "mengelola akun sendiri", "manage one's own account")}},
	}
}

// Deed says in words what a permission lets somebody do, as in "see agencies".
func Deed(p simpul.Permission) simpul.Text {
	for _, a := range areas() {
		for _, d := range a.acts {
			if d.permission == p {
				return d.sentence
			}
		}
	}
	return simpul.Text{}
}

// within says in words what a role may do in an area: "lihat, ubah".
func (a area) within(ctx context.Context, spec simpul.RoleSpec) web.Text {
	var words []string
	for _, d := range a.acts {
		if spec.Allows(d.permission) {
			words = append(words, d.word.In(web.Language(ctx)))
		}
	}
	return web.Text(strings.Join(words, ", "))
}

// duties say in one sentence what a role is for: everything that it may do
// beyond looking, or that it looks.
func duties(ctx context.Context, spec simpul.RoleSpec) string {
	var words []string
	for _, a := range areas() {
		for _, d := range a.acts {
			if spec.Allows(d.permission) && telling(spec, d.permission) {
				words = append(words, d.sentence.In(web.Language(ctx)))
			}
		}
	}
	if len(words) == 0 {
		return web.T(ctx, "Melihat instansi, LID, izin dan pertukaran; tidak mengubah apa pun.", "Sees agencies, LIDs, grants and exchanges; changes nothing.")
	}
	return capital(strings.Join(words, "; ") + ".")
}

// capital begins a sentence, which begins with an ASCII letter.
func capital(sentence string) string { return strings.ToUpper(sentence[:1]) + sentence[1:] }

// telling reports whether a permission says something about what a role is for:
// one that lets people do more than look does, and looking at colleagues or at
// the audit, which few may.
func telling(spec simpul.RoleSpec, p simpul.Permission) bool {
	switch p {
	case simpul.ReadAudit:
		return true
	case simpul.ReadAccounts:
		return !spec.Allows(simpul.WriteAccounts)
	}
	return p != simpul.OwnAccount && !strings.HasSuffix(string(p), ".read")
}

func roleTitle(ctx context.Context, specs map[simpul.Role]simpul.RoleSpec, name simpul.Role) string {
	if title := specs[name].Title.In(web.Language(ctx)); title != "" {
		return title
	}
	return string(name)
}

func reachWords(r simpul.Reach) simpul.Text {
	switch r {
	case simpul.ReachNation:
		return simpul.Text{ID: "Nasional: untuk semua instansi", EN: "National: for every agency"}
	case simpul.ReachEither:
		return simpul.Text{ID: "Untuk satu instansi, atau nasional", EN: "For one agency, or national"}
	}
	return simpul.Text{ID: "Untuk satu instansi", EN: "For one agency"}
}

func stateBadge(ctx context.Context, s State) web.Badge {
	switch s {
	case Invited:
		return web.Badge{Label: web.T(ctx, "Diundang", "Invited"), Tone: web.Info}
	case Active:
		return web.Badge{Label: web.T(ctx, "Aktif", "Active"), Tone: web.Good}
	case Suspended:
		return web.Badge{Label: web.T(ctx, "Ditangguhkan", "Suspended"), Tone: web.Caution}
	}
	return web.Badge{Label: web.T(ctx, "Ditutup", "Closed")}
}

// heldRoles lists the roles of an account in words.
func heldRoles(ctx context.Context, specs map[simpul.Role]simpul.RoleSpec, a Account) string {
	words := make([]string, len(a.Holdings))
	for i, h := range a.Holdings {
		words[i] = roleTitle(ctx, specs, h.Role)
		if h.National && specs[h.Role].Reach == simpul.ReachEither {
			words[i] += web.T(ctx, " (nasional)", " (national)")
		}
	}
	return strings.Join(words, ", ")
}

// doneWords say what has just been done to an account.
func doneWords(done string) (title, text simpul.Text, ok bool) {
	words := map[string][2]simpul.Text{
		"undangan":   {{ID: "Undangan dikirim", EN: "The invitation was sent"}, {ID: "Orang itu menerima surel dengan kode yang berlaku 72 jam. Kodenya tidak ditampilkan di sini.", EN: "The person gets an e-mail with a code that is valid for 72 hours. The code is not shown here."}},
		"kirim":      {{ID: "Undangan dikirim ulang", EN: "The invitation was sent again"}, {ID: "Hanya kode yang terbaru yang berlaku.", EN: "Only the newest code is valid."}},
		"tarik":      {{ID: "Kode ditarik", EN: "The code was withdrawn"}, {ID: "Kode yang sudah dikirim tidak berlaku lagi.", EN: "The code that was sent is no longer valid."}},
		"pulihkan":   {{ID: "Pemulihan dimulai", EN: "The recovery has begun"}, {ID: "Kode dikirim ke surel orang itu dan berlaku 24 jam. Orang itu dan semua admin instansinya diberi tahu.", EN: "A code went to the person's e-mail address and is valid for 24 hours. The person and all administrators of the agency were told."}},
		"tangguhkan": {{ID: "Akun ditangguhkan", EN: "The account was suspended"}, {ID: "Semua sesinya berakhir.", EN: "All its sessions have ended."}},
		"aktifkan":   {{ID: "Akun aktif lagi", EN: "The account is active again"}, {ID: "Orang itu dapat masuk seperti biasa.", EN: "The person can sign in as before."}},
		"tutup":      {{ID: "Akun ditutup", EN: "The account was closed"}, {ID: "Semua cara masuknya dihapus. Nama akun ini tidak dipakai lagi untuk orang lain.", EN: "All its ways to sign in were dropped. Its name is never given to anybody else."}},
		"data":       {{ID: "Data disimpan", EN: "The details were saved"}, {}},
		"peran":      {{ID: "Peran disimpan", EN: "The roles were saved"}, {ID: "Berlaku mulai permintaan berikutnya dari orang itu.", EN: "They apply from the person's next request on."}},
		"hapus":      {{ID: "Data pribadi dihapus", EN: "The personal data were erased"}, {ID: "Nama akun tetap ada di jejak audit sebagai nama samaran.", EN: "The account's name stays in the audit trail as a pseudonym."}},
	}
	w, ok := words[done]
	return w[0], w[1], ok
}
