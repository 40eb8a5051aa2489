# SPDX-License-Identifier: MIT OR Apache-2.0
### Qyzmet: English words of the interface.

## Navigation, sign-in, registration

nav-home = Home
nav-services = Services
nav-cabinet = Personal cabinet
nav-history = Service history
nav-notices = Notices
nav-verify = Verify a document
nav-queue = Book a queue slot
nav-handbook = Business-process handbook
nav-help = Help
nav-contact = Call centre: 1414 (free call)
nav-sign-in = Sign in
nav-sign-out = Sign out
nav-register = Register
signin-title = Sign in to the personal cabinet
signin-with-password = With IIN and password
signin-with-eds = With EDS
signin-iin = Individual identification number (IIN)
signin-login = Login
signin-password = Password
signin-forgot = Forgot your password?
signin-recover = Recover the password
signin-repeat = Repeat the password
signin-otp = Enter the code from the SMS
signin-no-account = Not registered on the portal yet?
reg-title = Registration on the portal
reg-agreement = I have read the User Agreement and accept its terms
reg-consent = I consent to the collection and processing of my personal data
reg-proof = To see personal data, confirm your identity with EDS.
reg-done = You are registered on the portal.
err-credentials = The IIN or the password is not correct.
err-attempts-left = Attempts left: { $count }.
err-locked = Sign-in is blocked for a time. You can try again at { $time }.
err-signin-refused = Sign-in refused: the data entered do not match the state database.
err-reg-not-done = Registration could not be completed. If you are already registered, sign in or recover the password.
err-passwords-differ = The passwords do not match.
err-code = The code is not correct or has expired.
err-no-right = You have no access to this workplace. Contact the administrator.

## The regulations for people

nav-regulations = Regulations
rg-title = Regulations of public services
rg-lead = How each service is provided: who does which step and by when, and where the act has gaps or contradicts itself.
rg-search = Name of a service, a document or a situation
rg-search-hint = Russian or Latin letters will do: “корганшылык”, “korganshylyk”.
rg-by-situation = By life situation
rg-by-body = By body
rg-one = Regulation of the public service
rg-passport = Passport of this service: what you need and where to apply
rg-original = The official text is the Kazakh one; the translation is here to help.
rg-about-act = About the act
rg-act = Act
rg-edition = Edition
rg-edition-of = Edition: { $edition }
rg-act-number = Number of the act
rg-act-date = Date of adoption
rg-territory = Where it applies
rg-in-force-from = In force from
rg-in-force-to = In force to
rg-repealed-by = Repealed by
rg-not-stated = not stated in the text
rg-other-editions = Other editions of this regulation
rg-steps = Procedures and steps
rg-intake = Applications come in through: { $channels }
rg-inner = No applications come in by this procedure: it is run inside another one.
rg-ends = Ends: { $end }
rg-yes = If it holds: { $way }
rg-no = If it does not hold: { $way }
rg-papers = Papers made while the service is provided
rg-role-grant = result
rg-role-refusal = refusal
rg-role-receipt = receipt for the documents
rg-role-not-accepted = receipt of a refusal to accept
rg-role-letter = covering letter
rg-role-slip = slip
rg-faults = Gaps and contradictions of the act
rg-faults-lead = In these places the act is incomplete, contradicts itself or repeats another service. Each is given with the act's words, what is wrong, and what the system executes.
rg-faults-count = Show all: { $count }
rg-what = What is wrong
rg-rule = What the system executes
rg-channel-portal = the portal
rg-channel-center = the State Corporation
rg-channel-provider = the provider's office
rg-channel-akim = the office of the rural akim
sit-family-and-children = Family and children
sit-income-and-aid = Income, allowances and social aid
sit-work = Work and employment
sit-disability-and-care = Disability and care
sit-rural-life = Life in a village
b-repealed-undated = The act is no longer in force (repealed by: { $act }).
b-executed-as-of = The service is provided under the edition of { $date }.
home-elsewhere = Not available on the portal
pass-need-provider = At the provider's office
pass-need-akim = At the office of the rural akim
pass-taken-when = Applications are taken only in this case. { $condition }
pass-no-place = No such body is listed in this system.
mob-comes = Mobile center: takes applications when it comes to your village
mob-stop = { $place } ({ $address }): { $weekdays }, { $from }–{ $to }
mob-next = next visit: { $date }
mob-no-hall = It has no hall and no electronic queue, so the waiting time of the hall does not apply. A paper result is given at these stops.
case-paper-at = The result is ready on paper. Take it with your identity document at: { $place }
case-paper-scan = Download the scan of the signed sheet
sent-at-latest = At the latest: { $date }. Which term holds is known when the registers have answered.
op-refuse-reason-hint = Where missing documents are marked above, a reason may be left out.
op-sign-here = (signature)
done-not-accepted = The application was not accepted. Print the receipt and give it to the applicant.

## Fields under a condition

form-when = Fill this in only in this case. { $condition }
cond-equals = { $name }: { $value }
cond-or = { " or " }
cond-channel = Where the application came in
cond-electronic = electronic
cond-paper = on paper
verr-tick = To continue, tick this line.

## Sign-in by EDS before the form; results on paper

apply-eds-first = First sign in by the certificate of your EDS
apply-eds-why = By the act an application for this service on the portal begins with sign-in by the registration certificate of an EDS: login and password are not enough. Sign the request with your key, then the form opens.
apply-medium-paper-office = On paper, at the provider
unit-tenge-of = { $amount } tenge

## Service passport page

passport-title = Service passport
passport-apply = Apply
passport-recipients = Who can get the service
passport-provider = Service provider
passport-where = Where to apply and collect the result
passport-term = Term of the service
passport-day-excluded = The day of acceptance is not counted in the term.
passport-form = Form of the service
passport-cost-free = Cost: free of charge
passport-documents = Required documents
passport-result = Result of the service
passport-result-medium = Medium of the result
passport-refusal = Grounds for refusal
passport-act = Basis: { $act }, { $clause }
passport-blank = Download the form
passport-eds-needed = To get the service through the portal you need an electronic digital signature (EDS).
passport-not-online = This service is not given through the portal. Places that accept applications are listed below.
passport-assumed = Not confirmed by the Standard
passport-open-counter = Open-counter service

## Forms: controls, errors, help

form-step = Step { $step } of { $total }
form-next = Next
form-back = Back
form-save-later = Save and continue later
form-saved-at = Saved: { $time }
form-required-note = Fields marked * are required.
form-optional = optional
form-from-register = From the state database: { $date }
form-register-silent = The state database did not answer. Enter the data yourself and attach a supporting document.
form-add-child = Add a child
form-add-member = Add a family member
form-surname = Surname
form-name = Name
form-patronymic = Patronymic (if any)
form-birth-date = Date of birth
form-address = Address of residence
form-phone = Mobile phone number
form-email = E-mail
form-by-representative = The application is made by a representative
form-poa = Number and date of the notarised power of attorney
form-medium = How do you want to get the result?
verr-summary = { $count ->
    [one] A correction is needed in { $count } field.
   *[other] Corrections are needed. Fields: { $count }.
}
verr-required = Fill in this field.
verr-choose = Choose from the list.
verr-consent = To continue, mark your consent.
verr-iin-length = The IIN must have 12 digits.
verr-iin-wrong = The IIN is not correct. Check the digits.
verr-iin-birth = The date of birth does not match the IIN.
verr-iin-unknown = This IIN was not found in the state database.
verr-too-long = The text is too long. Maximum: { $max } characters, entered: { $count }.
verr-date = Enter the date as DD.MM.YYYY, for example: 21.11.2026.
verr-date-none = There is no such date in the calendar.
verr-date-future = The date cannot be later than today.
verr-range = Allowed value: { $min }–{ $max }.
verr-phone = Enter the number as +7 7XX XXX XX XX.
verr-email = Check the e-mail address, for example: name@example.kz.
help-iin = 12 digits, written in the identity card or passport.
help-name = Enter it as in the identity card.
help-phone = Notices about the application will be sent to this number.

## Attachments

att-title = Documents to attach
att-add = Attach a file
att-drop = Drag a file here or choose it on the device.
att-scan = Scan the document
att-limits = Type: { $types }. Size: up to { $size } MB.
att-progress = Uploading the file… { $percent }%
att-added = File attached: { $file }
att-download = Download
att-missing = Document not attached: { $document }.
att-err-size = The file is too large. Maximum: { $max } MB, this file: { $size } MB.
att-err-type = Files of this type are not accepted. Allowed types: { $types }.
att-err-content = The content of the file does not match its type.
att-err-broken = The file cannot be opened. Save it again or scan the document again.
att-err-virus = Malicious code was found. The file was not attached.
att-err-count = Too many files. Maximum: { $max }.
att-err-failed = The file could not be uploaded. The data of the application are saved; attach the file again.

## Review and signing

review-title = Review the application
review-final = After signing the application cannot be changed.
review-true = I confirm that the information given is true
review-pdf = Download the document to be signed
sign-choose = Choose your EDS key
sign-choose-certificate = Choose the EDS registration certificate
sign-and-send = Sign and send
sign-with-eds = Sign with EDS
sign-how = The NCALayer window will open. Choose your signing key and enter its password.
sign-checking = Checking the signature…
sign-sending = The application is being sent. Do not close the page.
serr-nca-off = NCALayer is not running. Start the program and sign again.
serr-nca-absent = If NCALayer is not installed, download it from pki.gov.kz.
serr-nca-silent = NCALayer did not answer. Check its window and try again.
serr-cancelled = Signing was cancelled.
serr-key-password = The password of the key is not correct.
serr-key-kind = This key is for sign-in. Choose your signing key.
serr-expired = The registration certificate expired on { $date }. Get a new key from the national certification authority.
serr-not-yet = The registration certificate is not valid yet. It starts on { $date }.
serr-revoked = The registration certificate was revoked on { $date }. Choose another key.
serr-other-person = The IIN in the registration certificate does not match the IIN in the application. Choose your own key.
serr-unchecked = The registration certificate cannot be checked now. This does not mean that the key is invalid.
serr-untrusted = The authority that issued this certificate is not in the list of trusted ones.
serr-changed = The document has changed since your review. Look at it again and sign.
serr-too-late = The time for signing is over ({ $minutes } min). Prepare the document again.
sign-not-sent = The application was not sent.
sign-kept = The data and files you entered are kept.
sign-sent = The application was sent. Number: { $number }.
sign-sent-next = You can see the status in your personal cabinet, section “Service history”.
sign-sent-unknown = It is not known yet whether the application was sent. Before sending it again look in “Service history”.

## Cabinet: statuses, timeline, terms

cab-unfinished = Unfinished applications
cab-access-log = Who has viewed my data
cab-number = Application number
cab-date = Date of application
cab-status = Status
cab-get-result = Download the result
cab-resume = Continue the application
cab-delete-draft = Delete the draft
st-draft = Draft
st-signed = Signed, not sent
st-sent = Sent
st-registered = Registered
st-waiting-register = Waiting for a state database
st-with-head = With the head
st-examined = Being examined
st-signing = Awaiting signature
st-with-akim = With the rural district akim
st-forwarded = Forwarded to the provider
st-ready = Result ready
st-with-courier = Handed to the courier
st-issued = Result issued
st-refused = Service refused
st-not-accepted = Not accepted
st-no-data = Data unavailable
st-returned = Returned to the centre
tl-title = Progress of the application
tl-now = Current stage
tl-next = Next stage
tl-instructed = The head put the instruction
tl-assigned = The executor was assigned
tl-prepared = The result was prepared
tl-signed = The result was signed
due-date = Result due: { $date }
due-left = { $days ->
    [one] { $days } working day left
   *[other] { $days } working days left
}
due-today = Due today
due-over = { $days ->
    [one] Overdue by { $days } working day
   *[other] Overdue by { $days } working days
}
due-extended = Term extended to { $date }
due-why = How the term was counted

## Notices (line of free text in «Хабарлама», SMS, e-mail)

n-sent = Your application No. { $number } was sent on { $date }. Service: “{ $service }”.
n-registered = Your application No. { $number } was registered. Service: “{ $service }”. Result due: { $date }.
n-waiting = Application No. { $number } is waiting for a state database. Service: “{ $service }”.
n-examined = Your application No. { $number } was given to the executor. Service: “{ $service }”. Due: { $date }.
n-ready-online = The result of application No. { $number } is ready. Service: “{ $service }”. Download it in your personal cabinet.
n-ready-paper = The result of application No. { $number } is ready. Service: “{ $service }”. Collect it from { $date } at: { $address }. Bring your identity document.
n-refused = Application No. { $number } was refused. Service: “{ $service }”. Ground: { $ground }. The reasoned answer of { $date } is in your personal cabinet.
n-not-accepted = Application No. { $number } was not accepted on { $date }. Service: “{ $service }”. Reason: { $ground }. You may apply again with a complete set of documents.
n-extended = The term of application No. { $number } was extended. Service: “{ $service }”. New term: { $date }.
n-appointment = To conclude the contract on application No. { $number } come on { $date } at { $time } to: { $address }. Service: “{ $service }”.
n-returned = Application No. { $number } was returned to the centre on { $date } because of an error in drawing up the documents. Service: “{ $service }”. The centre will give the written reasons.
n-no-data = Data for application No. { $number } could not be obtained: the state database has no record. Service: “{ $service }”. Date: { $date }.

## Queue

q-title = Booking of the electronic queue
q-center = Choose a centre
q-when = Choose the date and time
q-none = No free time on this day. Choose another day.
q-book = Book
q-booked = Booked. Ticket: { $ticket }. Date: { $date }, time: { $time }.
q-cancel = Cancel the booking
q-cancelled = The booking was cancelled.
q-ahead = People before you: { $count }
q-wait = Estimated wait: { $minutes } min
q-called = It is your turn. Go to window No. { $window }.
q-expired = The booked time has passed. Choose a new one.

## Operator of the centre

op-title = Centre operator's workplace
op-call-next = Call the next visitor
op-choose-service = Choose the public service
op-identity = Identity document checked
op-ask-register = Ask the state database of individuals
op-ask-notary = Ask the unified notarial information system
op-no-data = Notice that the data cannot be obtained
op-poa-other = The power of attorney is not notarised: its data are not entered, the paper is scanned.
op-paper-present = Mark the documents present on paper
op-certify = Certify the request with EDS and send it
op-receipt = Receipt for the documents
op-print-receipt = Print the receipt
op-refuse = Refuse to accept the application
op-missing = Mark the documents not presented
op-refusal-receipt = Receipt of refusal to accept
op-from-courier = Take from the courier
op-issue = Hand over the result
op-issued-to = Result received by: { $name }
op-tell-applicant = Tell the applicant by: { $date }
op-offline = Mobile centre: intake without a line. Number and term come after registration.
ol-keep = Take in without a line
ol-list = Taken in without a line, not registered
ol-none = Nothing that was taken in without a line waits to be registered.
ol-at = Taken in at
ol-center = Center
ol-where = Stops of the center
ol-operator = Operator
ol-slip = Provisional slip
ol-slip-text = The application was taken in without a line and is not registered yet. Its number, the term of the service and the receipt are given once the state registers have answered and it is registered.
ol-register = Register
ol-register-hint = Register it when there is a line again: the registers are asked and the case is opened.
ol-drop = Throw away
ol-dropped = The unregistered application was thrown away.
ol-form = What was entered is not accepted today. Enter the application anew.

## Provider's office, head, executor

of-incoming = Incoming journal
of-outgoing = Outgoing journal
of-register = Register
of-registered = Registration number: { $number }, date: { $date }
of-voided = Number voided: { $number }. Reason: { $reason }.
of-refuse-accept = Refuse to accept the application
of-to-head = Send to the head for an instruction
hd-instruction = Instruction
hd-put = Put the instruction
hd-assign = Assign the executor
hd-deadline = To be done by: { $date }
hd-sign = Sign the result
hd-send-back = Return to the executor
hd-send-back-why = Write the reason for the return
hd-paper = Sign on paper
hd-paper-who = Signed by
hd-paper-when = Date of signing
hd-paper-seal = Seal affixed
hd-paper-scan = Scan of the signed sheet
hd-same-person = The person who prepared the result cannot sign it.
hd-acting = Acting, order: { $order }
ex-my-work = My documents
ex-examine = Examine the documents
ex-complies = The documents meet the requirements
ex-prepare = Prepare the result
ex-to-sign = Send to the head for signature
ex-refuse = Prepare the reasoned refusal
ex-ground = Choose the ground for refusal
ex-ground-clause = Ground: { $clause }
ex-ground-assumed = This ground is not confirmed by the Standard and cannot be quoted.
ex-calculation = Calculation
ex-override = Reason for changing the calculated value
of-register-result = Register the result
of-issue = Issue to the recipient
of-to-cabinet = Send to the personal cabinet
of-to-courier = Hand to the courier of the State Corporation
of-to-center = Return to the centre
of-due-soon = Due soon
of-overdue = Overdue

## Rural akim's office

ra-title = Office of the rural district akim
ra-to-akim = Send to the rural akim for an instruction
ra-assign = Assign the executor of the office
ra-letter = Covering letter
ra-draft-letter = Prepare the covering letter
ra-sign-letter = Sign the covering letter
ra-forward = Forward the covering letter with the documents to the provider
ra-letter-text = The application and documents for the service “{ $service }” are sent for examination. Applicant: { $name }. Application number: { $number }. Enclosed: { $sheets } sheets.
ra-result-came = The result came from the provider
ra-hand-over = Hand the result to the recipient
ra-not-here = There is a provider at the place of residence, so the akim does not accept this application.
ri-none = This body takes in no services on paper.
ri-unfinished = Unfinished intakes
ri-to-papers = Go on to the documents
ri-to-papers-unfinished = To the documents without filling in the rest
ri-edit = Change what was entered
ri-to-provider = To which provider it goes
ri-accept = Accept and register
ri-drop = Stop the intake
ri-drop-hint = What was entered and scanned is deleted.
done-intake-kept = What was entered is kept.
done-registered = The application was accepted and registered in the journal.
done-refused-set = The application was not accepted.
done-intake-dropped = The intake was stopped and what was entered is deleted.
done-letter-prepared = The covering letter was prepared and sent to the akim for signature.
done-letter-signed = The covering letter was signed, and the documents were sent to the provider.
rs-print = Prepare the sheet to be signed
rs-print-again = Prepare the sheet again
rs-hint = Print the sheet, sign it and put the seal. Then attach a scan of the signed sheet.
rs-sheet-pdf = Sheet to be signed
rs-record = Record the signing
rs-day-wrong = The day cannot be before the sheet was prepared or after today.
rs-original = The sheet as it was prepared
rs-by-hand = Signed on paper: { $date }
rs-no-seal = No seal was put
rl-hint = Print the letter and sign it. Then attach a scan of the signed letter.
rl-remark = Remark in the covering letter
rl-default = The documents have been examined; the set is complete.
rl-to-sign = Send to the akim for signature
rl-signed-scan = The signed covering letter
off-akim-number = Incoming number at the akim’s office
off-letter-number = Number of the covering letter
off-dispatch-to-akim = The result goes to the akim of the rural district.
off-to-akim = Send to the akim
off-not-accepted-why = Why it was not accepted
off-office-papers = Papers of the office
rj-title = Journals
rj-results = Journal of results
rj-number = Number in the journal
rj-at = Registered at
rj-voided = Voided
rj-latest = Latest entries
rj-earlier = Earlier entries
rc-recalculate = Recalculate
rc-calculated = Calculated: { $value }
rc-how = Calculation: { $formula }
rc-missing = Missing for the calculation: { $what }
rc-other = Another figure
rc-other-hint = Fill in only where the calculated figure must be changed.
rc-rate-unconfirmed = amount not confirmed
rc-figure = Figure
rc-by-formula = By the formula
rc-stands = Taken

## Verification of a document (public)

vf-title = Check that a document is genuine
vf-number = Unique number of the document
vf-scan = Or scan the QR code on the document.
vf-check = Check
vf-genuine = The document is genuine. Issued by “{ $organization }” on { $date }.
vf-replaced = The document was replaced: a new one was issued on { $date }.
vf-unknown = No such document was found. Check the number.
vf-limit = Too many checks. Try again in { $minutes } min.
vf-sig-valid = The signature is valid
vf-sig-invalid = The signature is not valid
vf-sig-indeterminate = The signature could not be decided yet: { $needs }

## The citizen’s portal

home-lead = Apply for a public service from home and receive the result in your personal cabinet.
home-search = Name of the service
home-how = How it goes
home-how-choose = Choose a service and read what you need and how long it takes.
home-how-fill = Fill in the application: what you enter is saved by itself.
home-how-sign = Review the application and sign it with your EDS.
home-how-follow = See who has the application and by when, and download the result.
home-check = You can check whether a document is genuine without signing in.
reg-password-hint = At least 10 characters. A long phrase is stronger than a short complicated word.
reg-password-length = The password must have at least 10 characters.
reg-iin-control = The last digit of the IIN does not fit the others. Compare the digits with your identity card.
reg-what-proves = An IIN and a password do not prove identity. Your data are shown only after proof by EDS.
reg-have-account = Already registered?
signin-by-act = In the words of the act
prove-title = Proof of identity by EDS
prove-why = After the proof the application is filled in from the state database, and nobody else can open a cabinet with this IIN.
prove-item = Request for proof
prove-button = Sign and confirm
prove-done = Your identity is confirmed.
prove-stale = The request for proof is too old or was used before. Sign a new one.
prove-later = The signature cannot be checked now. Try again a little later.
prove-not-yet = Your identity is not confirmed yet.
prove-already = Your identity is already confirmed.
prove-skip = Continue without it
pass-get = What you get
pass-need = What you need
pass-need-portal = Through the portal
pass-need-center = Through the State Corporation
pass-need-nothing = No documents need to be attached.
pass-assumed = proposed default, not in the act
pass-assumed-note = Lines marked “proposed default” are not in the act: the text of the Standard was not found, the system proposes them.
std-unconfirmed = Not confirmed by the organisation: not demanded
std-no-grounds = The organisation has confirmed no ground of refusal, so nothing can be refused. The head may confirm grounds in an overlay file that names the clause of the Standard.
std-confirmed-only = Documents of the Standard that the organisation has not confirmed are not demanded; grounds and terms are not quoted.
std-none = The organisation has confirmed no grounds.
pass-how-long = How long it takes and why
pass-if-now = If you apply now, due: { $date }
pass-counted-for = Counted for: { $organization }.
pass-when = When: { $fact }
pass-when-not = When this does not hold: { $fact }
pass-who = Who does what
pass-norm = Duration: { $norm }
pass-clause = Clause of the act: { $clause }
pass-ours = Step not in the act
pass-basis = Basis
pass-channels = Where you can apply
pass-channel-portal = This portal: around the clock
apply-title = Start the application
apply-provider = Which body you apply to
apply-provider-hint = Choose the body where you live.
apply-key-title = Before you start
apply-key-needed = At the end you sign the application with your EDS. You need a key for signing: in NCALayer or in a file (.p12).
apply-key-gost = Both GOST and RSA keys do.
apply-key-other = Without a key, go to the State Corporation with your identity card: no EDS is needed there.
apply-begin = Start filling in
apply-drafts = You have an unfinished application for this service.
apply-form = Application
apply-you = Applicant
apply-name-later = the name is taken from your EDS
apply-prove-offer = If you confirm your identity now, some fields are filled in from the state database.
apply-restored = The data sent when the session ended are restored. If you had chosen a file, add it again.
apply-gone = This application was sent or deleted. See the list below.
apply-deleted = The unfinished application was deleted.
apply-saved = The application is saved but not sent yet.
apply-to-review = Review
apply-entry = { $name }: { $number }
apply-medium-electronic = Electronic document in the personal cabinet
apply-medium-paper = On paper at the State Corporation
files-none = No files.
files-choose = Choose a file.
files-empty = The file is empty. Choose another.
files-added = The file was added.
files-removed = The file was removed.
files-size = Size: { $size } KB
files-required = required
review-as-signed = Data to be signed (XML)
review-as-read = This application as PDF
review-exact = You sign exactly these data: if one character changes, the signature is no longer valid.
review-change = Change the application
review-changed = The application changed after the review. Read and sign it again. The application was not sent.
review-unreadable = The signature could not be read. Sign again. The application was not sent.
sent-title = The application was sent
sent-number = Application number: { $number }
sent-number-later = The number is given when the application is registered.
sent-expected = When to expect the result
sent-follow = Follow the application
sent-refused-title = The application was not sent
sent-why = Why
sent-code = Check code: { $code }
sent-draft-kept = Your application is kept: you need not fill it in again.
sent-try-again = Sign again with another key
sent-waiting-title = The signature is not checked yet
sent-waiting = The signature was received, but the certification authority does not answer now. Nothing is lost: the check repeats by itself, do not send again.
eds-expired = The registration certificate has expired. Choose a new key.
eds-not-yet = The term of the registration certificate has not begun yet.
eds-revoked = The registration certificate was revoked. Choose another key.
eds-untrusted = The authority that issued the registration certificate is not on the list of trusted ones.
eds-other-person = The IIN of the registration certificate is not the applicant's. Choose your own key.
eds-no-iin = The registration certificate holds no readable IIN.
eds-changed = What was signed is not the same as the application. Read and sign it again.
eds-wrong-key = This key is not meant for signing documents. Choose the key for signing.
eds-algorithm = Signatures by this kind of key are not accepted. Choose a key of the National Certification Authority (GOST or RSA).
eds-unreadable = The signature cannot be read or is incomplete. Sign again.
eds-time = The time in the signature is too far from the real time. Check the clock of your device.
eds-unchecked = Whether the registration certificate was revoked cannot be checked now.
eds-other = The signature did not pass the check. Choose another key.
cab-empty-drafts = No unfinished applications.
cab-latest = Latest applications
cab-all = All applications
cab-saved = Saved
cab-no-number = no number yet
cab-without-number = no number given
case-title = Application
case-asked = What you asked for
case-result = Result
case-result-number = Number of the result: { $number }
case-check-public = Public check of the document
case-signed = What you signed
case-signed-xml = Signed data (XML)
case-signed-cms = Your signature (CMS)
case-incoming = Incoming number of the body
case-silent = A state database has not answered yet. The system repeats the request by itself, you need do nothing. Waiting since { $time }.
case-refused = The service was refused
case-ground = Ground of refusal
case-appeal = If you disagree, you may complain to the provider's head, or remove the cause and apply again.
case-again = Apply again
case-term-why = How the term was counted
tl-ours = Not a step of the act but a rule of the system
tl-yes = The condition holds
tl-no = The condition does not hold
actor-applicant = Applicant
actor-provider = Provider
actor-provider-office = Provider's office
actor-provider-head = Provider's head
actor-provider-executor = Executor
actor-akim-specialist = Specialist of the rural akim's office
actor-akim = Rural akim
actor-akim-executor = Executor of the rural akim's office
actor-center-operator = Operator of the State Corporation
actor-center-courier = Courier of the State Corporation
system-portal = Portal
system-center = System of the State Corporation
system-gateway = Gateway of electronic government
system-region = Regional gateway of electronic government
why-start = Counted from { $time }
why-wall = A system's time: counted around the clock.
why-hours = Working hours of the body: { $opens }–{ $closes }
why-lunch = The lunch break is not counted: { $opens }–{ $closes }
why-outside = Outside working hours. Counted from { $time }
why-first = The day of acceptance is not counted: { $date }
why-counted = { $date } – day { $number }
why-skipped = { $date } – not counted: { $reason }
why-moved = { $date } – day off ({ $reason }), the term moves to the next working day
why-close = The last day ends when the body closes: { $date } { $time }
why-year = The calendar has no public holidays of { $year }.
vf-lead = Enter the number of the document or scan its QR code. No sign-in is needed.
vf-genuine-title = The document is genuine
vf-replaced-title = The document was replaced
vf-unknown-title = No such document was found
vf-genuine-number = A document of this number was issued. To check what it says, scan the QR code on it.
vf-replaced-number = A new document was issued in place of the one with this number.
vf-replaced-by = Number of the new document: { $number }
vf-unknown-more = This system did not issue such a document, or the number has a mistake. If in doubt, ask the body that issued it.
vf-is-refusal = This is a reasoned refusal of the service.
vf-shows = This page shows no more than the document itself.
vf-doc-number = Number of the document
vf-issuer = Issued by
vf-issued-at = Issued
vf-file = Checksum of the file (SHA-256)
n-plain-sent = The application was sent.
n-plain-refused = The service was refused.
n-plain-unsigned = The application was not sent: the EDS was not confirmed.
n-plain-no-data = The data cannot be obtained: the state database has none.
n-plain-ready = The result is ready.
n-plain-signin = The sign-in was refused.

## Survey (000, annex 4; questions and answers verbatim)

sv-title = Survey: “quality” and “accessibility”
sv-q1 = Are you satisfied with the quality of the process and the result of the electronic public service?
sv-q2 = Are you satisfied with the quality of information on how the electronic public service is given?
sv-no = not satisfied
sv-partly = partly satisfied
sv-yes = satisfied
sv-voluntary = Taking part is voluntary and does not affect the application.
sv-thanks = Your answers were received. Thank you.

## Administrator

ad-title = Administrator's workplace
ad-regulations = Regulations and editions
ad-publish = Put into force
ad-in-force = In force: { $from }–{ $to }
ad-act-needed = Enter the adopting act. Without it no new application opens under this edition.
ad-confirm-clause = Confirm with a clause of the Standard
ad-anomalies = Gaps and contradictions
ad-users = Users and roles
ad-substitution = Order of substitution
ad-auto-order = Automatic mode is off: no order names the authorised person.
ad-calendar = Calendar of working days, days off and holidays
ad-crl = Revocation list updated: { $time }
ad-access-log = Access journal
ad-journal-ok = The journal was checked and is intact.
ad-outbox = Messages waiting to be sent: { $count }
ad-simulators = Simulators

## Generic

g-search = Search
g-search-hint = Service name or application number
g-filter = Filter
g-filter-clear = Clear the filter
g-found = Found: { $count }
g-none-found = Nothing found. Change the query.
g-empty-history = You have no applications yet.
g-empty-notices = No new notices.
g-empty-work = No documents are waiting.
g-save = Save
g-cancel = Cancel
g-confirm = Confirm
g-close = Close
g-change = Change
g-delete = Delete
g-print = Print
g-details = Details
g-yes = Yes
g-no = No
g-retry = Try again
g-undo = Undo
g-ask-send = Send the application?
g-ask-delete = Delete the application? It cannot be restored.
g-ask-leave = There are unsaved changes. Leave the page?
g-loading = Loading…
g-offline = The connection was lost. Check your internet connection.
g-server-error = An error occurred in the system. Try again later. Error code: { $code }.
g-not-found = Page not found.
g-forbidden = You have no access to this page.
g-changed-meanwhile = Another officer has changed this document. Refresh the page.
g-already-done = This action has already been done.
g-session-soon = The session ends in { $minutes } min.
g-session-over = The session has expired. Sign in again. The data you entered are kept for 24 hours.
g-done = Done
g-not-done = Not done
g-attention = Attention
b-demo = Demonstration. Documents issued here have no legal force.
b-demo-time = Demonstration time: { $time }
b-simulator = Simulator: the data do not come from a real state database.
b-repealed = The act was repealed (by: { $act }). The service runs on the edition as of { $date }.
b-no-act = The act that adopted this regulation is not stated.
a11y-skip = Skip to main content
a11y-language = Language: қазақша, русский, English
a11y-menu = Menu
a11y-menu-close = Close the menu
a11y-low-vision = Version for people with low vision
a11y-required = required
a11y-error = Error:
a11y-new-tab = opens in a new tab
a11y-page = Page { $page } of { $total }

## Rooms, header and footer

app-tagline = Public services
room-portal = Portal
room-center = State Corporation
room-region = Local executive body
room-admin = Administrator
nav-account = Account
nav-work = Workplace
nav-main = Main sections
nav-sections = Sections of the workplace
nav-inbox = Queue
nav-journals = Journals
nav-languages = Choice of language
nav-breadcrumbs = Path to the page
nav-pages = Pages
nav-previous-page = Previous page
nav-next-page = Next page
footer-law = Services are given under the approved regulations and standards.
footer-error-code = Request code: { $code }
b-simulated-list = Simulated systems: { $names }
b-demo-short = Demonstration
b-advance = Move the time forward
sim-gbd-fl = state database of individuals
sim-enis = unified notarial information system
sim-guardianship = guardianship register
sim-authority = certification authority
sim-gateway = e-government gateway
sim-mail = e-mail and SMS

## Error pages

err-title-not-found = Page not found
err-hint-not-found = Check the address or go to the home page.
err-title-forbidden = No access
err-hint-forbidden = Sign in with another account or contact the administrator.
err-title-cross-site = The request was not accepted
err-hint-cross-site = The request came from another site. Open the page and try again. The application was not sent.
err-title-too-large = The data sent are too large
err-hint-too-large = Make the file smaller and attach it again. The application was not sent.
err-title-server = System error
err-hint-server = The data you entered are not lost. Before sending the application again look in “Service history”.
err-title-unavailable = The service is unavailable for now
err-hint-unavailable = Try again in a few minutes. Before sending the application again look in “Service history”.
err-title-session = The session has expired
err-title-conflict = The document has changed
err-title-bad-request = The request was not understood
err-hint-bad-request = Refresh the page and try again. The application was not sent.
err-title-too-many = Too many requests
err-hint-too-many = Try again in a minute.
err-hint-conflict = Refresh the page and look at the changes.

## Forms, further

form-day = Day
form-month = Month
form-year = Year
form-date-hint = For example: { $example }
form-saving = Saving…
form-not-saved = Saving did not work. Press “Save and continue later”.
form-show-password = Show the password
form-hide-password = Hide the password
form-choose = Choose
form-chars-left = Characters left: { $count }
form-remove = Remove
form-sending = Sending…
form-add-entry = Add: { $name }
verr-too-few = Too few entries. At least: { $count }.
verr-too-many = Too many entries. At most: { $max }.
verr-age = This answer does not go with the date of birth.
verr-unknown = Check the value entered.
err-page-title-prefix = Correct:

## Signing in the page

sign-panel-title = Signing with an electronic digital signature (EDS)
sign-key-file = EDS key file (.p12)
sign-key-stays = The key and the password do not leave this device. Only the signature is sent.
sign-key-password = Password of the key
sign-key-open = Open the key
sign-key-opening = Opening the key…
sign-key-ready = The key is open. Check the data and sign.
sign-key-other = Choose another key
sign-cert-title = Chosen registration certificate
sign-cert-owner = Owner
sign-cert-iin = IIN
sign-cert-term = Valid
sign-cert-issuer = Certification authority
sign-cert-org = Organization
sign-what = What is signed
sign-content = See the data to be signed
sign-signing = Signing…
sign-no-script = Signing needs JavaScript in the browser. The data you entered are kept.
serr-not-key-file = This file is not an EDS key. Choose a file whose name ends in .p12.
serr-key-too-large = The file is too large to be an EDS key. Choose a file whose name ends in .p12.
serr-key-gost = This key is of GOST type. In this build or browser such a key file cannot sign in the page. Sign with NCALayer.
serr-key-unsupported = Keys of this type are not supported. Choose another key.
serr-no-crypto = This browser cannot sign in the page. Update the browser or open the page at a secure (https) address.
serr-content = The data to be signed could not be fetched. Refresh the page and try again.
serr-choose-file = Choose the key file.
serr-type-password = Enter the password of the key.
serr-failed = Signing did not work. Check the key and try again.
sign-way = How will you sign?
sign-way-nca = With the NCALayer program
sign-way-nca-hint = The program must be installed on this computer. The key may be in a file, on a token or on an identity card.
sign-way-file = With a key file, on this page
sign-way-file-hint = A file whose name ends in .p12. Nothing needs to be installed.
sign-nca-only-yours = The NCALayer window shows only your own key that suits for signing this document.
sign-nca-waiting = Waiting for an answer in the NCALayer window…
serr-choose-way = Choose how you will sign.
serr-nca-network = If the browser asks for permission to reach a program on this computer, allow it.
serr-nca-closed = NCALayer was closed while signing. Start it and sign again.
serr-nca-no-key-shown = If the window did not show your key, the chosen key belongs to another person or is not for signing. Choose another key.
serr-nca-no-key = NCALayer found no suitable key. Choose a signing key issued in your name.
serr-nca-locked = The token or identity card is locked: the PIN was entered wrongly several times. Unlock it or sign with another key.
serr-nca-old = This version of NCALayer is too old. Download a new one from pki.gov.kz or sign with a key file.
serr-nca-busy = NCALayer is busy with another request. Finish it in its open window and sign again.
serr-nca-refused = NCALayer could not sign. Restart the program or sign with a key file.
sign-warn-expired = The registration certificate has expired. Such a signature will not be accepted.
sign-warn-not-yet = The registration certificate is not valid yet. Such a signature will not be accepted.

## Timeline, further

tl-who = With: { $name }
tl-by = Due: { $date }
tl-at = Time: { $date }
tl-done = Done
tl-waiting = Waiting
tl-late = Overdue
tl-stopped = Stopped
tl-updating = Updating…
tl-refresh = Refresh
tl-finished = The examination is finished.
tl-stale = Updating did not work. Refresh the page.

## Workplace, further

wp-case = Case No. { $number }
wp-applicant = Applicant
wp-service = Service
wp-due = Due
wp-step = Step
wp-executor = Executor
wp-actions = Actions
wp-documents = Documents
wp-received = Received
wp-terms = Terms
wp-history = Course of the case
wp-signatures = Signatures
wp-take = Take
wp-none-chosen = Choose a case from the list.
off-case-unnumbered = Case without a number
off-waits-for-me = Cases that wait for me
off-all-cases = All cases
off-new-intake = Take an application
off-full-name = Surname, given name, patronymic (if any)
off-full-name-hint = Enter as in the document shown.
off-language = Language of the applicant
off-asks-register = After the data are entered, the state database of individuals is asked.
off-asking = Request to the state database
off-register-silent = The database did not answer. The request repeats by itself, nothing is lost.
off-register-answered = The answer has come.
off-to-signing = Attach the documents and go on to signing
off-judged-later = The signature was received but cannot be checked now. The check repeats by itself, do not send the request again.
off-taken-by = Who took the result
off-taken-on = On what document
off-taken-on-hint = For example: identity card, its number and date of issue.
off-taken-at = Handed over at
off-notice-at = Time of the notice
off-to-case = Back to the case
off-print-hint = To print this page, use the Print command of the browser (Ctrl+P).
off-marked-not-scanned = Marked as present but not scanned.
off-scanned-not-marked = Scanned but not marked as present on paper.
serr-choose-paper = Choose the scanned file.
done-taken-in = The data were entered and the state database was asked.
done-scanned = The scan was attached.
done-papers = The documents were attached. Now certify the request with EDS.
done-request-sent = The request was certified and sent.
done-handed-over = The result was handed over.
verr-text-long = The text is too long. At most: { $max } characters.
off-signin-title = Sign in to the workplace
off-signin-refused = Sign-in refused
off-wrong-credentials = The login or the password is not correct.
off-signed-out = You have signed out.
orig-title = Originals of the papers
orig-register = Register of originals passed on
orig-at-center = The originals are at the one-stop-shop
orig-to-provider = The courier has the originals, on the way to the provider
orig-at-provider = The originals are at the provider’s office
orig-to-center = The courier has the originals, on the way back to the one-stop-shop
orig-at-applicant = The originals were given back to the applicant
orig-moves = Movements
orig-when = When
orig-holder = Who has them
orig-sheets = Documents and pages
orig-courier = Courier’s name
orig-how-many = number of pages
orig-pages = { $pages } p.
orig-missing = Documents on the list that did not come, or not whole
orig-missing-one = missing or not whole: { $title }
orig-hand = Give to the courier
orig-hand-hint = State the number of pages of each document that the courier takes. Leave the line empty for a document that stays.
orig-return = Send back with the courier
orig-return-hint = Check the number of pages of the documents that go back to the one-stop-shop.
orig-receive = Confirm what came
orig-receive-hint = State how many pages really came: the difference is shown to both sides.
orig-back = Give back to the applicant
orig-back-hint = Record it when the originals were given to the applicant.
orig-basis = Basis: { $basis }. The regulation does not describe the passing on of originals.
orig-done-handed = The originals were given to the courier
orig-done-received = The receipt of the originals was recorded
orig-done-back = The originals were given back to the applicant
orig-err-courier = State the courier’s name.
orig-err-pages = State the pages of at least one document.
orig-err-list = A document or pages are stated that are not on the list. Check the number of pages.
orig-err-elsewhere = The originals are in other hands now. Refresh the page.
orig-err-stay = The provider has not ordered that originals travel.
off-session-over = The session has ended. Sign in again: what you entered is kept on this page and can be sent afterwards.
off-file-lost = The file was not kept: choose it again after you sign in.
off-entry-item = Item
off-entry-value = Value
off-resume-title = What you entered is kept
off-resume-text = The act was not done when the session ended. It can be sent now.
off-resume-send = Send
off-to-queue = Back to the queue
off-no-term = No term is set
off-no-number = No number
off-from = Where it came from
off-incoming-number = Incoming number
off-result-number = Number of the result
off-journal-empty = The journal has no entries.
off-medium-electronic = Electronic document
off-medium-paper = On paper
off-kilobytes = { $size } KB
off-file = File
off-size = Size
off-no-documents = No documents are attached.
off-verdict = Verdict
off-serial = Serial number of the certificate
off-judged-at = Checked at
off-signed-xml = Signed data (XML)
off-signed-cms = Electronic signature (CMS)
time-stamp-request = Time stamp: request
time-stamp-result = Time stamp: result
time-stamp-awaited = A time stamp is awaited. The case goes on meanwhile.
time-stamp-archive = Archive of the signature (JSON)
off-waits-for = Now with: { $role }. Step: { $title }
off-nothing-to-do = Nothing is due from you in this case.
off-accept-hint = The application is registered in the incoming journal and gets a number.
off-returned = Returned by the head:
off-reason = Reason
off-ground = Ground
off-courier = Surname and name of the courier
off-proposed = Proposal
off-proposed-grant = Provide the service
off-proposed-refusal = Refuse
off-prepared-by = Prepared by: { $name }
off-open-to-sign = Prepare the document for signing
off-dispatch-electronic = The result is sent as an electronic document.
off-signer = Signer
off-sign-until = Sign until
off-eds-other-person = The certificate belongs to another person or organisation. Choose your own key.
done-accepted = The application was registered and sent to the head.
done-instructed = The instruction was put and the executor assigned.
done-prepared = The result was prepared and sent to the head for signature.
done-refusal-prepared = The refusal was prepared and sent to the head for signature.
done-returned = The case was returned to the executor.
done-dispatched = The result was passed on.
done-signed = The result was signed.
rf-already = Another official has already done this step. Your act was not taken.
rf-already-who = Step: { $part }. Done by: { $name }. Time: { $time }
rf-already-when = Step: { $part }. Time: { $time }
rf-now-at = Current step: { $part }
rf-see-below = Nothing is lost. The case is shown below as it is now.
rf-not-here = The case stands at another step. Your act was not taken.
rf-ended = The case has ended. Your act was not taken.
rf-wrong-role = This step is not yours
rf-needs-role = Done by: { $role }
rf-ask-head = Nothing was changed. If needed, turn to the head.
rf-not-executor = The instruction names another executor
rf-preparer-do = Another authorised person must sign the result.
rf-other-organization = The case belongs to another body
rf-correct = Correct the marked fields. What you entered is kept.
rf-not-now = This cannot be done now
rf-refresh = Nothing was changed. Refresh the page and look at the case.
rf-not-signed = Nothing was signed
rf-sign-again = Choose another key and sign again. The prepared document is kept.
rf-sign-later = Sign again a little later. The prepared document is kept.
rf-not-prepared = The time to sign has passed or the document is not prepared. Prepare it again: nothing was signed.

## Verification, further

vf-what = What the check shows
vf-by-code = QR code or unique number

## Dates

date-today = today
date-tomorrow = tomorrow
date-just-now = just now
date-zone = Astana time
date-on = on { $date }
date-from = from { $date }
date-until = until { $date }
date-period = from { $from } to { $to }
date-minutes-ago = { $minutes } min ago
time-label = Time: { $time }
time-at = at { $time }
unit-working-days = { $count ->
    [one] { $count } working day
   *[other] { $count } working days
}
unit-calendar-days = { $count ->
    [one] { $count } calendar day
   *[other] { $count } calendar days
}
unit-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
unit-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
unit-seconds = { $count ->
    [one] { $count } second
   *[other] { $count } seconds
}
unit-documents = { $count ->
    [one] { $count } document
   *[other] { $count } documents
}
unit-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
unit-children = { $count ->
    [one] { $count } child
   *[other] { $count } children
}
unit-applications = { $count ->
    [one] { $count } application
   *[other] { $count } applications
}
unit-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
unit-sheets = { $count ->
    [one] { $count } sheet
   *[other] { $count } sheets
}
unit-tenge = { $count } tenge
within-days = within { $count } working days
not-more-minutes = not more than { $minutes } minutes
step-norm-minutes = Duration norm – { $minutes } minutes
verr-number = Enter a whole number in digits, for example: 4.
verr-money = Enter the amount in tenge in digits, for example: 14675 or 14675.50.
rf-paper-only = By the act this result is signed by hand on paper: print the sheet, sign it, scan it and attach the scan.
rf-not-on-paper = The applicant asked for an electronic document: sign it with the EDS.
rf-must-accept = The act lets nobody in this capacity refuse to accept this application: register it.

## Account log and readings
acc-title = Sign-ins to your account
acc-hint = The latest records are shown. Each is in the journal: nobody can change it unnoticed.
acc-what = What happened
acc-from = Network address
acc-none = No records.
acc-registered = The account was registered
acc-signed-in = Signed in by password
acc-refused = Sign-in refused: wrong password
acc-locked = Sign-in refused: too many wrong passwords. Sign-in was blocked until { $time }.
acc-proved = The account was proved by EDS. Certificate: { $serial }
acc-signed-out = Signed out
acc-ended = The account was closed
rd-title = Who viewed the case
rd-show = Records of viewing: { $count }
rd-when = When
rd-who = Who
rd-what = What was viewed
rd-none = No official has viewed the case here.
rd-elsewhere = Officials of the body work with the application in the body’s own system. Each viewing there is journaled and seen by the head of the body, but is not shown on this page yet.
rd-case = Page of the case
rd-file = File of the case
rd-paper = Paper in the making
rd-queue = List of cases that wait (last time)
rd-journal = List of all cases (last time)

## Signing: by EDS into the cabinet, several at once, whether one can sign

sign-in-eds-title = Sign in with EDS
sign-in-eds-hint = No password is needed. At the first sign-in the account is made by itself, and your identity is proved at once.
sign-in-eds-why = You sign a request to enter with your key. The request is given to this browser only and serves once.
sign-in-eds-item = Request to sign in
sign-in-eds-button = Sign and enter
sign-in-eds-not = You are not signed in.
sign-in-eds-stale = The request to sign in is too old, was used before or was given to another browser. Sign the new one.
sign-in-eds-first = The account was made; your identity is proved by EDS.
acc-signed-in-eds = Signed in with EDS
acc-key-refused = Sign-in refused: the EDS certificate is not valid
acc-password-set = A password was set
pw-title = Password
pw-hint = With a password you can also sign in by IIN and password. An earlier password, if there was one, will no longer work.
pw-save = Save the password
pw-done = The password is saved.
pw-by-eds-only = A password can be set only after signing in with EDS. Sign out and sign in with EDS.
sign-nothing-done = Nothing was signed.
sign-sending-signature = The signature is being sent. Do not close the page.
sev-title = Signing several results
sev-open = Sign several results at once: { $count }
sev-lead = Each chosen result is prepared as a document of its own. You read them and open the key once; each document is signed separately.
sev-which = Which results will you sign?
sev-which-hint = At most in one act: { $max }
sev-all = Mark all (at most: { $max })
sev-prepare = Prepare the chosen ones
sev-read = Read and sign
sev-not-prepared = These results are not prepared, or their time is over. Open each on its page:
sev-sign = Sign: { $count }
sev-outcomes = What became of each document
sev-outcome = Outcome
sev-signed = Signed
sev-no-time = There was no time for this document. Sign again.
sev-failed = An error occurred in the system. Sign this document later.
sev-signed-count = Signed: { $signed } of { $all }
sev-others-stand = The signed documents stand. The others can be signed again.
sev-again = Sign the others again
ready-title = Can you sign? Check it now
ready-why = At the end the application is signed with EDS. If you have no key or it does not work, it is better to know before you fill in the form.
ready-nca = Check whether NCALayer is running
ready-nca-checking = Checking…
ready-nca-ok = NCALayer is running.
ready-try = Make a trial signature
ready-try-title = Trial signature
ready-try-why = It is checked that your key is in term, not revoked, and yours. No application is sent. If your identity is not proved yet, this proves it too.
ready-try-item = Request to check
ready-try-button = Sign and check
ready-yes = Your key suits: you can sign the application.
ready-no = You cannot sign the application with this key.
ready-cannot = I have no key or cannot sign
ready-elsewhere = You can apply for this service without EDS, with your documents, here:
ready-nowhere = This service is applied for on the portal only. A key can be got at a branch of the State Corporation or at pki.gov.kz.
ready-go-on = Go on without checking

hd-paper-countersigned = The applicant has signed too
rf-not-countersigned = The applicant signs this paper too. Once both signatures stand on the sheet, tick the box and attach the scan.
rf-other-medium = By the act the result is given in another form in this channel.
vf-signed-by = Signed by
vf-how = How it is signed
vf-by-hand = By hand on paper; the file is a scan of the signed sheet
vf-by-eds = With an EDS
cond-result-before = a result was given in this case before
rj-export = Download the journal as a file (CSV)
rj-cut = The file holds only the latest { $lines } entries; earlier ones are in the journal itself.
rj-given = Mark of giving the result
rj-given-hand = taken by { $name }, { $document }
rj-given-courier = given to the courier: { $name }
rj-given-sent = sent
rj-kept-by = Kept by
phone-way = With a telephone, by a QR code
phone-how = After the button is pressed a QR code appears on this page. Scan it with your telephone and sign there: the page goes on by itself.
phone-code = QR code for signing
phone-open = Open the page of the QR code on this device
phone-waiting = Waiting for the signature from the telephone…
phone-off = The document could not be handed to the telephone. Try again or choose another way.
phone-late = The signature did not come from the telephone in time. Sign again.
phone-title = Signing on the telephone
phone-simulated = Simulator: a page in the place of the state's mobile application.
phone-not-connected = Signing by the state's mobile application is not connected: that takes an agreement with the state.
phone-sign = Sign
phone-done = Signed.
phone-done-next = Return to the page on the computer: it goes on by itself.
kr-title = Registers
kr-none = There is no register that you keep.
kr-search = IIN or the beginning of the surname
kr-search-hint = Type the whole IIN, or at least two letters of the surname.
kr-search-short = Type the 12 digits of the IIN or at least two letters of the surname.
kr-all = All entries
kr-person = Surname, name, patronymic
kr-from = Since
kr-to = Until
kr-state = State
kr-in-force = In force
kr-over = Not in force since { $day }
kr-not-begun = In force from { $day }
kr-empty = There are no entries.
kr-entry = Entry of the register
kr-ground = Ground of the entry
kr-by-case = Result of the service “{ $service }” № { $number }
kr-case = Open the case
kr-by-import = The list that the body kept before, line { $line }
kr-document = { $title }, № { $number }, { $day }
kr-scan = Copy of the document
kr-document-title = Name of the document
kr-document-title-hint = For example: resolution, order, decision.
kr-document-number = Number of the document
kr-document-date = Date of the document
kr-document-body = Body that adopted the document
kr-history = History of the entry
kr-what = What happened
kr-made = The entry was made
kr-ended = The entry was ended
kr-end = End the entry
kr-end-hint = From that day on the entry does not count. An ended entry is not restored: if need be, a new one is made.
kr-end-on = First day on which the entry does not count
kr-end-ground = Ground of ending
kr-end-ground-hint = Name the document or the circumstance.
kr-ended-before = This entry was ended before.
kr-add = Enter by hand
kr-add-hint = An entry is made from a document, whose copy goes with it.
kr-add-do = Enter in the register
kr-entered = This person has such an entry in force already.
kr-others = Other entries of this person
kr-extract = Extract from the register
kr-extract-at = As of { $when }
kr-readings = Who viewed the entry
kr-before-first = This day cannot be before the entry begins.
kr-too-far = This day cannot be more than a year ahead.
ku-title = Enter a list from a file
ku-intro = A list that the body kept before is entered in the register as a whole. If even one line has a mistake nothing is entered: each mistake is shown with its line. A line entered before is not entered again. A file has at most { $lines } lines.
ku-file = File with the list (CSV or JSON)
ku-do = Enter in the register
ku-choose = Choose a file.
ku-model = Download the model (CSV)
ku-model-hint = Fill in the empty table with its columns and save it as CSV UTF-8.
ku-columns = Columns of the file
ku-column = Column
ku-needed = Required
ku-written = What is written
ku-must = required
ku-may = if any
ku-day = a day, such as { $example }
ku-iin = 12 digits
ku-mistakes-title = Mistakes in the file
ku-mistakes = Nothing was entered. Mistakes in the file: { $count }.
ku-mistakes-many = Nothing was entered. The file has many mistakes, the first { $count } are shown.
ku-line = Line
ku-wrong = Mistake
ku-empty = The value is missing.
ku-long = The value is longer than { $max } characters.
ku-no-column = The register has no such column.
ku-choice = It is none of the values of the column.
ku-too-many = The file has more than { $lines } lines. Enter it in parts.
ku-not-utf8 = The letters of the file cannot be read. Save the table as CSV UTF-8.
ku-no-lines = The file has no lines.
ku-column-twice = The head of the table names a column twice.
ku-uneven = Line { $line } has not as many values as there are columns.
ku-quotation = A quotation that begins in line { $line } does not end.
ku-json = Line { $line } cannot be read as JSON: a list of objects with texts is needed.
ku-all-known = All lines of this file are in the register already.
done-uploaded = The list was entered in the register.
rd-register = Page of the register (last time)
rd-entry = Entry of the register
rd-ground = Document on whose ground the entry was made
done-entry-made = The entry was made.
done-entry-ended = The entry was ended.
