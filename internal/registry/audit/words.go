package audit

import (
	"strings"

	"simpul"
	"simpul/internal/platform/trail"
)

// sentences say what an action was, "…" standing for its subject. An action that
// is not here is shown by its name: rooms may write new ones before this table
// learns them.
var sentences = map[string]simpul.Text{
	"agency.put":           {ID: "Menyimpan instansi …", EN: "Stored the agency …"},
	"agency.create":        {ID: "Mendaftarkan instansi …", EN: "Registered the agency …"},
	"agency.update":        {ID: "Mengubah instansi …", EN: "Changed the agency …"},
	"agency.approve":       {ID: "Menyetujui instansi …", EN: "Approved the agency …"},
	"agency.admit":         {ID: "Menerima instansi …", EN: "Admitted the agency …"},
	"agency.reject":        {ID: "Menolak pendaftaran instansi …", EN: "Rejected the registration of the agency …"},
	"agency.suspend":       {ID: "Membekukan instansi …", EN: "Suspended the agency …"},
	"agency.resume":        {ID: "Mengaktifkan kembali instansi …", EN: "Resumed the agency …"},
	"agency.delete":        {ID: "Menghapus instansi …", EN: "Deleted the agency …"},
	"application.put":      {ID: "Menyimpan aplikasi …", EN: "Stored the application …"},
	"application.create":   {ID: "Mendaftarkan aplikasi …", EN: "Registered the application …"},
	"application.update":   {ID: "Mengubah aplikasi …", EN: "Changed the application …"},
	"application.delete":   {ID: "Menghapus aplikasi …", EN: "Deleted the application …"},
	"key.issue":            {ID: "Menerbitkan kunci API untuk …", EN: "Issued an API key for …"},
	"key.revoke":           {ID: "Mencabut kunci API …", EN: "Revoked the API key …"},
	"key.export":           {ID: "Menyiapkan ekspor kunci hub …", EN: "Prepared an export of the hub's keys …"},
	"key.download":         {ID: "Mengunduh ekspor kunci hub …", EN: "Downloaded the export of the hub's keys …"},
	"publickey.register":   {ID: "Mendaftarkan kunci publik …", EN: "Registered the public key …"},
	"publickey.revoke":     {ID: "Mencabut kunci publik …", EN: "Revoked the public key …"},
	"lid.put":              {ID: "Menyimpan LID …", EN: "Stored the LID …"},
	"lid.publish":          {ID: "Menerbitkan LID …", EN: "Published the LID …"},
	"lid.retire":           {ID: "Memensiunkan LID …", EN: "Retired the LID …"},
	"lid.delete":           {ID: "Menghapus LID …", EN: "Deleted the LID …"},
	"grant.put":            {ID: "Menyimpan izin …", EN: "Stored the grant …"},
	"grant.suspend":        {ID: "Membekukan izin …", EN: "Suspended the grant …"},
	"grant.delete":         {ID: "Menghapus izin …", EN: "Deleted the grant …"},
	"account.invite":       {ID: "Mengundang …", EN: "Invited …"},
	"account.join":         {ID: "Menerima undangan sebagai …", EN: "Accepted the invitation as …"},
	"account.update":       {ID: "Mengubah akun …", EN: "Changed the account …"},
	"account.roles":        {ID: "Mengubah peran …", EN: "Changed the roles of …"},
	"account.recover":      {ID: "Memulihkan akun …", EN: "Recovered the account …"},
	"account.close":        {ID: "Menutup akun …", EN: "Closed the account …"},
	"account.export":       {ID: "Mengekspor data pribadi …", EN: "Exported the personal data of …"},
	"account.erase":        {ID: "Menghapus data pribadi …", EN: "Erased the personal data of …"},
	"role.write":           {ID: "Mengubah peran …", EN: "Changed the role …"},
	"token.create":         {ID: "Membuat token …", EN: "Created the token …"},
	"token.revoke":         {ID: "Mencabut token …", EN: "Revoked the token …"},
	"session.begin":        {ID: "Masuk", EN: "Signed in"},
	"session.end":          {ID: "Keluar", EN: "Signed out"},
	"emergency.begin":      {ID: "Memulai akses darurat …", EN: "Began emergency access …"},
	"emergency.end":        {ID: "Mengakhiri akses darurat …", EN: "Ended emergency access …"},
	"proposal.make":        {ID: "Mengajukan usulan …", EN: "Made the proposal …"},
	"proposal.approve":     {ID: "Menyetujui usulan …", EN: "Approved the proposal …"},
	"proposal.reject":      {ID: "Menolak usulan …", EN: "Rejected the proposal …"},
	"proposal.decide":      {ID: "Memutuskan usulan …", EN: "Decided on the proposal …"},
	"proposal.withdraw":    {ID: "Menarik usulan …", EN: "Withdrew the proposal …"},
	"proposal.lapse":       {ID: "Usulan … gugur", EN: "The proposal … lapsed"},
	"retention.change":     {ID: "Mengubah lama simpan …", EN: "Changed how long … is kept"},
	"retention.prune":      {ID: "Menghapus yang habis masa simpannya: …", EN: "Dropped what was kept long enough: …"},
	"audit.export":         {ID: "Mengekspor jejak audit", EN: "Exported the audit trail"},
	"audit.verify":         {ID: "Memeriksa keutuhan jejak audit", EN: "Verified the audit trail"},
	"vault.rotate":         {ID: "Memutar kunci hub", EN: "Rotated the hub's keys"},
	"hub.enrol":            {ID: "Mendaftarkan hub …", EN: "Enrolled the hub …"},
	"notice.preferences":   {ID: "Mengubah pilihan pemberitahuan", EN: "Changed the preferences of notices"},
	"device.add":           {ID: "Menambah cara masuk …", EN: "Added the way to sign in …"},
	"device.remove":        {ID: "Menghapus cara masuk …", EN: "Removed the way to sign in …"},
	"credential.add":       {ID: "Menambah kredensial …", EN: "Added the credential …"},
	"credential.revoke":    {ID: "Mencabut kredensial …", EN: "Revoked the credential …"},
	"onboarding.submit":    {ID: "Mengirim pendaftaran …", EN: "Submitted the registration …"},
	"onboarding.decide":    {ID: "Memutuskan pendaftaran …", EN: "Decided on the registration …"},
	"recoverycode.replace": {ID: "Mengganti kode pemulihan", EN: "Replaced the recovery codes"},
}

// Sentence says in words what an event tells, done or refused.
func Sentence(e trail.Event) simpul.Text {
	t, known := sentences[e.Action]
	if !known {
		t = simpul.Text{ID: e.Action + " …", EN: e.Action + " …"}
	}
	return simpul.Text{ID: about(t.ID, e.Subject), EN: about(t.EN, e.Subject)}
}

func about(sentence, subject string) string {
	return strings.TrimSpace(strings.Replace(sentence, "…", subject, 1))
}
