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
	"lid.purge":            {ID: "Menghapus jawaban LID … yang disimpan hub", EN: "Had the kept answers of the LID … forgotten"},
	"lid.delete":           {ID: "Menghapus LID …", EN: "Deleted the LID …"},
	"lid.step":             {ID: "Memindahkan tahap LID …", EN: "Moved the LID … to another step"},
	"lid.remind":           {ID: "Mengingatkan tenggat LID …", EN: "Reminded of the due date of the LID …"},
	"lid.escalate":         {ID: "Melaporkan LID … yang terlambat", EN: "Reported the late LID …"},
	"lifecycle.put":        {ID: "Menyimpan model daur hidup …", EN: "Stored the life-cycle model …"},
	"lifecycle.delete":     {ID: "Menarik model daur hidup …", EN: "Withdrew the life-cycle model …"},
	"holiday.put":          {ID: "Menyimpan hari libur …", EN: "Stored the holidays of …"},
	"holiday.delete":       {ID: "Menghapus hari libur …", EN: "Deleted the holidays of …"},
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
	"retention.change":     {ID: "Mengubah masa simpan …", EN: "Changed how long … is kept"},
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
	"agency.addresses":     {ID: "Mengubah daftar alamat instansi …", EN: "Changed the addresses of the agency …"},
	"agency.standing":      {ID: "Mengubah status instansi …", EN: "Changed the standing of the agency …"},
	"agency.suspension":    {ID: "Membekukan instansi …", EN: "Suspended the agency …"},
	"agency.reinstate":     {ID: "Mengaktifkan kembali instansi …", EN: "Reinstated the agency …"},
	"unit.put":             {ID: "Menyimpan unit …", EN: "Stored the unit …"},
	"unit.delete":          {ID: "Menghapus unit …", EN: "Deleted the unit …"},
	"key.rotate":           {ID: "Memutar kunci API …", EN: "Rotated the API key …"},
	"key.leak":             {ID: "Mencabut kunci API yang bocor …", EN: "Revoked the leaked API key …"},
	"key.stray":            {ID: "Kunci API dipakai dari alamat di luar daftar: …", EN: "An API key was used from an address outside the list: …"},
	"account.change":       {ID: "Mengubah data akun …", EN: "Changed the details of the account …"},
	"account.suspend":      {ID: "Menangguhkan akun …", EN: "Suspended the account …"},
	"account.reinstate":    {ID: "Mengaktifkan kembali akun …", EN: "Reinstated the account …"},
	"invitation.resend":    {ID: "Mengirim ulang undangan …", EN: "Sent the invitation again: …"},
	"invitation.withdraw":  {ID: "Menarik kode undangan atau pemulihan …", EN: "Withdrew the code of invitation or recovery: …"},
	"role.put":             {ID: "Menyimpan peran …", EN: "Stored the role …"},
	"role.delete":          {ID: "Menghapus peran …", EN: "Deleted the role …"},
	"session.renew":        {ID: "Membuktikan diri sekali lagi", EN: "Proved once more who they are"},
	"session.refuse":       {ID: "Gagal masuk: kata sandi atau kode salah", EN: "Failed to sign in: wrong password or code"},
	"code.refuse":          {ID: "Memakai kode yang tidak berlaku", EN: "Used a code that does not count"},
	"passkey.add":          {ID: "Menambah passkey …", EN: "Added the passkey …"},
	"passkey.rename":       {ID: "Mengganti nama passkey …", EN: "Renamed the passkey …"},
	"passkey.remove":       {ID: "Menghapus passkey …", EN: "Removed the passkey …"},
	"passkey.refuse":       {ID: "Passkey … ditolak karena tampaknya disalin", EN: "The passkey … was refused because it seems to have been copied"},
	"password.set":         {ID: "Mengganti kata sandi", EN: "Changed the password"},
	"password.remove":      {ID: "Menghapus kata sandi dan aplikasi autentikator", EN: "Removed the password and the authenticator app"},
	"totp.set":             {ID: "Memasang aplikasi autentikator", EN: "Set up the authenticator app"},
	"recovery.make":        {ID: "Membuat kode pemulihan", EN: "Made recovery codes"},
	"recovery.use":         {ID: "Memakai satu kode pemulihan", EN: "Used a recovery code"},
	"credential.forget":    {ID: "Menghapus semua cara masuk …", EN: "Removed every way to sign in of …"},
	"upstream.set":         {ID: "Menyambungkan penyedia identitas …", EN: "Connected the identity provider of …"},
	"upstream.remove":      {ID: "Memutus penyedia identitas …", EN: "Disconnected the identity provider of …"},
	"openid-client.write":  {ID: "Menyimpan Masuk dengan Simpul untuk …", EN: "Stored Sign in with Simpul for …"},
	"openid-client.delete": {ID: "Menghapus Masuk dengan Simpul dari …", EN: "Removed Sign in with Simpul from …"},
	"consent.give":         {ID: "Mengizinkan aplikasi …", EN: "Gave consent to the application …"},
	"consent.withdraw":     {ID: "Menarik izin aplikasi …", EN: "Withdrew consent from the application …"},
	"login.begin":          {ID: "Masuk ke aplikasi …", EN: "Signed in to the application …"},
	"login.end":            {ID: "Keluar dari aplikasi …", EN: "Signed out of the application …"},
	"code.replay":          {ID: "Kode masuk untuk … dipakai dua kali", EN: "A sign-in code for … was used twice"},
	"refresh.replay":       {ID: "Token perpanjangan untuk … dipakai dua kali", EN: "A refresh token for … was used twice"},
	"preference.write":     {ID: "Mengubah pilihan pemberitahuan", EN: "Changed the preferences of notices"},
	"onboarding.begin":     {ID: "Mulai mengisi pendaftaran …", EN: "Began the application to join …"},
	"onboarding.accept":    {ID: "Menerima pendaftaran …", EN: "Accepted the application to join …"},
	"onboarding.return":    {ID: "Mengembalikan pendaftaran …", EN: "Returned the application to join …"},
	"onboarding.lock":      {ID: "Mengunci pendaftaran …", EN: "Made the application to join … final"},
	"recoverycode.replace": {ID: "Mengganti kode pemulihan", EN: "Replaced the recovery codes"},

	"evidence-key.destroy": {ID: "Memusnahkan kunci catatan …: bagian pribadinya terhapus", EN: "Destroyed the key of records …: their personal part is erased"},
	"evidence.remove":      {ID: "Menghapus berkas jurnal … yang habis masa simpannya", EN: "Removed files of the journal … that were kept long enough"},
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
