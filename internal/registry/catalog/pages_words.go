package catalog

import (
	"context"

	"simpul"
	"simpul/internal/platform/web"
)

// meaning says what a class means for whoever wants to call.
func meaning(ctx context.Context, c simpul.LIDClass) string {
	switch c {
	case simpul.Terbuka:
		return web.T(ctx,
			"Tidak memuat data pribadi. Boleh dipakai oleh aplikasi instansi mana pun.",
			"Holds no personal data. Applications of any agency may use it.")
	case simpul.Terbatas:
		return web.T(ctx,
			"Memuat data yang dilindungi. Penyedia menilai tujuan dan dasar hukum setiap aplikasi, dan hanya kolom yang disetujui yang dikirim.",
			"Holds protected data. The provider weighs the purpose and legal basis of every application, and only approved fields are delivered.")
	case simpul.Tertutup:
		return web.T(ctx,
			"Memuat data yang sangat peka. Diperlukan perjanjian tertulis antara pimpinan kedua instansi.",
			"Holds very sensitive data. A written agreement between the heads of both agencies is needed.")
	}
	return ""
}

// access lists the steps to a first call, by class.
func access(ctx context.Context, l *LID, owner Agency) web.Steps {
	register := web.Step{
		Title: web.T(ctx, "Daftarkan aplikasi", "Register your application"),
		Text:  web.T(ctx, "Admin instansi Anda mendaftarkan aplikasi dan membuat kunci API. Satu kunci berlaku untuk semua izin aplikasi itu.", "Your agency's administrator registers the application and makes an API key. One key serves all grants of that application."),
	}
	call := web.Step{
		Title: web.T(ctx, "Panggil", "Call"),
		Text:  web.T(ctx, "Begitu izin tercatat, kunci Anda langsung berlaku di alamat LID ini. Tidak ada sambungan baru yang perlu dibangun.", "Once the grant is recorded, your key works at this LID's address. No new connection has to be built."),
	}
	return web.Steps{register, request(ctx, l.Spec, owner), call}
}

// askPath is where somebody asks for access to a LID.
func askPath(a simpul.Address) string { return "/akses/baru?lid=" + string(a) }

func request(ctx context.Context, s Spec, owner Agency) web.Step {
	step := web.Step{Title: web.T(ctx, "Ajukan izin kepada penyedia", "Ask the provider for a grant")}
	switch s.Class {
	case simpul.Terbatas:
		step.Text = web.T(ctx,
			"Isi permohonan: tujuan, dasar hukum, dan kolom yang benar-benar diperlukan. "+owner.Name+" memutuskan dalam lima hari kerja.",
			"Fill in a request: the purpose, the legal basis and the fields that you really need. "+owner.Name+" decides within five working days.")
	case simpul.Tertutup:
		step.Text = web.T(ctx,
			"Siapkan perjanjian kerja sama yang ditandatangani pimpinan instansi Anda dan "+owner.Name+". Lalu isi permohonan; dua orang di pihak penyedia menyetujuinya menurut perjanjian itu.",
			"Prepare an agreement signed by the heads of your agency and of "+owner.Name+". Then fill in a request; two people of the provider approve it under that agreement.")
	default:
		step.Text = web.T(ctx,
			"Isi permohonan dengan aplikasi dan tujuannya. Izinnya diberikan otomatis; tidak perlu perjanjian.",
			"Fill in a request with the application and its purpose. It is granted by itself; no agreement is needed.")
	}
	return step
}

// place says in words where a parameter goes; header and cookie are called so in
// both languages.
func place(ctx context.Context, in string) string {
	switch in {
	case "path":
		return web.T(ctx, "alamat", "path")
	case "query":
		return web.T(ctx, "kueri", "query")
	}
	return in
}
