// The API's resources as the pages use them; the truth is /openapi.json, made from flow/shape/*.c.
export interface Value { value: string; raw?: string | null; kind?: string | null }
export interface Address { street?: string | null; postal_code?: string | null; city?: string | null; region?: string | null; country?: string | null }
export interface Person {
  name_prefix?: string | null; given_name?: string | null; family_name?: string | null; name_suffix?: string | null;
  job_title?: string | null; department?: string | null; organization?: string | null;
  emails?: Value[]; phones?: Value[]; urls?: Value[]; addresses?: Address[];
}
export type FieldValue = string | Value[] | Address[] | null | undefined;
export type Side = "back";
export interface Claim { field: string; value: string; raw: string; confidence: number; box: number[]; card_box: number[]; alternatives: string[]; side?: Side }
export interface Unassigned { text: string; box: number[]; card_box: number[]; side?: Side }
export interface Verdict { kind: "exists" | "possible" | "new" | "checking"; sentence: string }
export interface Contact {
  id: string; list_id: string; owner_id: string; state: "read" | "matched" | "confirmed" | "written" | "rejected"; version: number;
  created_at: string; updated_at: string; checked_at: string | null; deleted_at: string | null;
  source: { kind: "scan" | "api" | "signature"; scan_id: string | null; card: number; back: boolean; fair: FairRef | null; suggested_at: string | null };
  display: string; contact: Person; claims: Claim[]; unassigned: Unassigned[]; verdict: Verdict;
}
export type LegalBasis = "consent" | "contract" | "legitimate_interest";
export interface FairRef { id: string; name: string; tag: string | null; legal_basis: LegalBasis }
export interface Fair extends FairRef { list_id: string | null; state: "open" | "closed"; contacts: number; created_by: string; created_at: string; version: number }
export interface ResourceProblem { type: string; title: string; detail: string }
export interface Scan {
  id: string; state: "received" | "reading" | "read" | "failed"; created_at: string; list_id: string; bytes: number; sides: number;
  quality: { advice: string[] }; problem: ResourceProblem | null; version: number; deleted_at: string | null;
  cards: { n: number; image: string; width: number; height: number; back_image: string | null; back_width: number; back_height: number; contact_id: string | null }[];
}
export interface Reason {
  field: string; level: string; weight: number; sentence: string; rarity: string | null; left_steps: string[]; right_steps: string[];
}
export interface Why { rival: string | null; rival_sentence: string | null; hangs_on: string | null }
export interface ConnectionRef { id: string; name: string; kind: string }
/** Whose a record is there, and its last change, as far as the CRM tells. */
export interface Custody { owner: string | null; changed_at: string | null; changed_by: string | null }
export interface Candidate {
  id: string; contact_id: string; connection: ConnectionRef; record_id: string; remote_id: string; display: string;
  record_kind: "person" | "lead" | "company"; organization: string | null; fetched_at: string; custody: Custody;
  weight: number; probability: number; band: "obvious" | "possible"; reasons: Reason[]; why: Why; decided: "same" | "different" | null;
}
export interface Job { id: string; kind: string; state: string; done: number; total: number; problem: ResourceProblem | null }
export interface DuplicateMember { record_id: string; connection: ConnectionRef; remote_id: string; display: string; contact: Person }
export interface DuplicatePair {
  id: string; left_id: string; right_id: string; weight: number; probability: number; band: "obvious" | "possible"; reasons: Reason[]; why: Why;
  decided: "same" | "different" | null; next_step: string | null; version: number;
}
export interface DuplicateGroup { id: string; members: DuplicateMember[]; pairs: DuplicatePair[]; pairs_total: number; notes: string[] }
export interface ClusterMember { record: DuplicateMember; candidate_id: string | null; belongs: boolean }
export interface Cluster { contact_id: string; contact_version: number; members: ClusterMember[]; links: DuplicatePair[]; notes: string[] }
export interface FoundRecord { record_id: string; remote_id: string; display: string }
export interface Similar { same: number; different: number; last_by: string | null; last_at: string }
export type Take = "card" | "crm" | "both" | "own";
export type Group = "conflict" | "addition" | "equal" | "unmapped";
export interface Snippet { scan_id: string; card: number; box: number[] }
export interface ReviewField {
  field: string; group: Group; card: FieldValue; crm: FieldValue; proposal: Take; why: string; multi: boolean; main: boolean;
  confidence: number; snippet: Snippet | null;
}
export interface Review {
  contact_id: string; contact_version: number; captured_at: string; captured_by: string | null;
  connection: ConnectionRef & { reversible: "yes" | "partly" | "no"; reversal: string | null; policy: Policy; native_merge: boolean };
  record: { id: string | null; remote_id: string; version: string; fetched_at: string; written_at: string | null; written_by: string | null; custody: Custody; contact: Person } | null;
  action: "update" | "create"; fields: ReviewField[];
  candidate: { id: string; weight: number; probability: number; reasons: Reason[]; why: Why; similar: Similar | null } | null;
}
export interface Change { field: string; before: FieldValue; after: FieldValue }
export interface Ruling { field: string; rule: string | null; proposal: Take; take: Take; overridden: boolean }
export interface Company { id: string; name: string; place: string | null }
export interface CompanyQuestion { found: "none" | "several"; name: string; choices: Company[]; can_make: boolean }
export interface Preview {
  id: string; action: "update" | "create" | "merge"; changes: Change[]; reversible: boolean; calls: number; quota: { left: number; limit: number } | null; expires_at: string; warnings: string[];
  left: string[]; company: CompanyQuestion | null; refusal: ResourceProblem | null;
}
export interface WriteBack {
  id: string; state: string; action: "update" | "create" | "merge"; sentence: string; contact_id: string; display: string | null; connection: ConnectionRef;
  remote_id: string | null; changes: Change[]; rulings: Ruling[]; problem: ResourceProblem | null; parked: boolean; undoable: boolean; not_undoable: string | null; undoable_until: string | null; by: string | null;
  policy: string | null; created_at: string; updated_at: string; version: number;
}
export interface ConflictView {
  write_back_id: string; state: string; gone: boolean; fetched_at: string;
  fields: { field: string; intent: FieldValue; now: FieldValue; loaded: FieldValue; theirs: boolean }[];
}
export type InboxLane = "exists" | "possible" | "company" | "new" | "later";
export interface InboxItem {
  contact: Contact; lane: InboxLane; best: Candidate | null; conflicts: number; additions: number; owner: { id: string; name: string | null };
  assignee: { id: string; name: string | null } | null; postponed_until: string | null;
}
export type BatchState = "sampling" | "running" | "paused" | "stopped" | "done" | "undoing" | "undone";
export interface Batch {
  id: string; state: BatchState; sentence: string; connection: Review["connection"]; rule: string; by: string | null; yours: boolean; total: number;
  sample: number; judged: number; changes: { field: ContactField; n: number }[]; open: number; under_way: number; written: number; failed: number; left: number; undone: number;
  problem: ResourceProblem | null; created_at: string; version: number;
}
export interface BatchItem {
  contact_id: string; record_id: string; display: string | null; fields: ContactField[]; sampled: boolean; judged: "yes" | "no" | null; state: string;
  problem: ResourceProblem | null; write_back_id: string | null;
}
export interface FormField { name: string; kind: "url" | "text" | "password" | "key" | "grant"; grants: Grant[]; label_key: string; preset: string | null; offers: string[]; required: boolean; secret: boolean }
export interface Connector {
  kind: string; name: string; form: FormField[]; undo_create: "yes" | "partly" | "no"; undo_create_key: string;
  undo_update: "yes" | "partly" | "no"; undo_update_key: string; fields: string[]; oauth: ConnectorOAuth | null;
}
export interface Scope { name: string; reason_key: string; granted: boolean }
export type Grant = "code" | "key" | "client" | "jwt";
export interface ConnectorOAuth { callback: string; grants: Grant[]; scopes: Scope[] }
export interface Authorization { state: "needed" | "granted" | "ended" | "app"; scopes: Scope[]; too_many: string[]; granted_by: string | null; granted_at: string | null }
export interface Connection extends ConnectionRef {
  settings: Record<string, string>; health: { state: string; sentence: string; last_ok_at: string | null };
  authorization: Authorization | null; pulled_at: string | null; pulling: { records: number; of: number } | null; records: number; created_at: string; version: number;
  policy: Policy; can_merge: boolean; native_merge: boolean; mapping_version: number; mapping_warnings: number; tested_at: string | null;
}
export interface Traffic {
  paused_at: string | null; paused_by: string | null; failures: number; retry_at: string | null; quota_left: number; quota_limit: number; quota_at: string | null;
  waiting: number; uncertain: number; calls: ConnectionCall[]; renewals: ConnectionCall[]; faults: { problem: string; n: number; last_at: string }[];
  kept: number; requests: number; mean_ms: number; slowest_ms: number;
}
export interface ConnectionCall { at: string; work: "read" | "write" | "pull" | "test" | "renew"; write_back: string | null; problem: string | null; requests: number; total_ms: number; slowest_ms: number }
export type Policy = "read" | "propose" | "confirm" | "fill";
export type RemoteType = "text" | "long_text" | "email" | "phone" | "url" | "choice" | "choices" | "yes_no" | "number" | "date" | "reference" | "other";
export interface RemoteField {
  name: string; label: string | null; type: RemoteType; length: number; required: boolean; create: boolean; update: boolean; custom: boolean;
  strict: boolean; choices: { value: string; label?: string }[];
}
export interface MappingDoc {
  connector: string; object: string; rows: { ours: string; theirs: string }[];
  constants: { purpose: "default" | "owner" | "record_type" | "legal_basis"; theirs: string; value: string }[];
}
export interface MappingFinding { error: boolean; ours: string | null; theirs: string; sentence: string }
export interface MappingVersion { version: number; by: string | null; at: string | null; mapping: MappingDoc; findings: MappingFinding[] }
export interface ConnectionMapping {
  connection_id: string; active: MappingVersion; draft: MappingVersion | null; fixed: boolean; constants: boolean; company: string | null;
  places: { ours: string; theirs: string | null; samples: string[] }[]; checked_at: string | null; version: number;
}
export interface Exports { waiting: number; files: { id: string; connection_id: string; contacts: number; created_at: string }[] }
export interface TestStep {
  name: "address" | "reach" | "sign-in" | "read" | "identity" | "version" | "quota" | "fields" | "rules" | "query" | "write"; sentence: string; ok: boolean;
  weight: "plain" | "warning" | "unsaid"; items: string[];
}
export interface ConnectionTest { ok: boolean; at: string; by: string | null; steps: TestStep[]; connection: Connection }
export interface MailProvider { domains: string[]; host: string; hint_key: string }
export interface MailboxKinds { kinds: Connector[]; providers: MailProvider[] }
export interface Mailbox {
  id: string; kind: string; owner_id: string; own: boolean; name: string | null; settings: Record<string, string> | null;
  health: { state: string; sentence: string; last_ok_at: string | null }; authorization: Authorization | null; list_id: string | null; paused: boolean;
  admin_consent: { url: string; asked_at: string; given_at: string | null } | null; excluded: string[]; watching: boolean; unreached: boolean; checked_at: string | null; looked: number; header_only: number; suggested: number; created_at: string; version: number;
}
export type Reach = "any" | "own" | null;
export interface Right { resource: string; action: string; reporter: Reach; user: Reach; template_curator: Reach; template_manager: Reach; admin: Reach; support: Reach; support_content: Reach }
export interface Token { id: string; name: string; user_id: string; user_name: string; scopes: string[]; state: "active" | "expired" | "revoked"; created_at: string; expires_at: string; used_at: string | null; used_from: string | null; token?: string }
export interface SupportGrant { id: string; user_id: string; name: string; email: string; area: "configuration" | "content"; reason: string; granted_by: string; created_at: string; expires_at: string; ended_at: string | null; ended_by: string | null; state: "active" | "expired" | "revoked" }
export interface Subject { name: string | null; email: string | null; phone: string | null }
export interface SubjectRemains { connection_id: string; connection: string; kind: string; records: number }
export interface ErasureCertificate {
  number: number; organisation: string; erased_at: string; erased_by: string; contacts: string[]; scans: string[]; records: string[]; write_backs: number; files: number;
  remains: SubjectRemains[]; statement: string; text: string; signature: string; key: string; valid: boolean;
}
export interface SubjectRequest {
  id: string; number: number; kind: "access" | "erasure"; state: "open" | "overdue" | "done"; subject: Subject; reference: string | null;
  created_at: string; created_by: string; due_at: string; done_at: string | null; done_by: string | null; certificate: ErasureCertificate | null;
}
export interface SubjectContact { id: string; display: string | null; organization: string | null; list: string | null; state: string; created_at: string; deleted_at: string | null; by: string[] }
export interface SubjectRecord { id: string; display: string | null; organization: string | null; connection_id: string; connection: string | null; kind: string | null; remote_id: string; kept_here: boolean; by: string[] }
export interface SubjectFinds { contacts: SubjectContact[]; records: SubjectRecord[]; user: string | null; more: boolean }
export interface SubjectChoice { contacts: string[]; records: string[] }
export interface SubjectAnswer {
  number: number; organisation: string; made_at: string; notices: string[];
  contacts: { contact: Contact; versions: { version: number; at: string; contact: Person }[]; write_backs: WriteBack[] }[];
  records: { id: string; connection: string | null; kind: string | null; remote_id: string; fetched_at: string; contact: Person; custody: Custody }[];
}
export interface ErasurePreview { contacts: number; records: number; photos: number; shared_photos: number; write_backs: number; under_way: number; remains: SubjectRemains[]; notices: string[]; confirm: string }
export interface Colleague { id: string; name: string }
export type Role = "reporter" | "user" | "template_curator" | "template_manager" | "admin" | "support";
export interface Session {
  user: { id: string; name: string; email: string; role: Role; language: string; theme: string };
  org: { id: string; name: string }; csrf: string; expires_at: string;
}
export interface User { id: string; email: string; name: string; role: Role; state: "active" | "suspended"; language: string; created_at: string; version: number }
export interface SessionEntry { id: string; created_at: string; seen_at: string; method: string | null; client: string | null; current: boolean }
export interface SecondFactor { enrolled: boolean; required: boolean; recovery_left: number }
export interface Enrolment { secret: string; uri: string; qr: string }
export interface SignInPolicy { second_factor_roles: string[]; version: number }
export interface SignUpDomain { id: string; domain: string; role: Role; sign_up_url: string; created_at: string }
export interface Invitation {
  id: string; email: string | null; domain: string | null; role: Role; state: "open" | "used" | "expired" | "revoked"; uses: number; used: number;
  redeem_url: string; created_by: string | null; created_at: string; expires_at: string; mailed: boolean; code?: string;
}
export interface PutOff { until: string; reason: string; user_id: string; at: string }
export interface Warning {
  id: string; kind: string; level: "info" | "warning" | "critical"; subject: string | null; since: string | null; since_program: string;
  effect: string; fix: string; link: string | null; put_off: PutOff | null; version: number;
}
export type TileKind = "connections" | "mailboxes" | "mail" | "certificate" | "backup" | "restore" | "canary" | "components" | "users";
export interface Tile { kind: TileKind; state: "good" | "look" | "bad" | "none"; words: string; at: string | null; n: number }
export interface Overview { tiles: Tile[]; program: string }
export interface IdentityProvider {
  id: string; kind: "microsoft" | "google" | "apple" | "oidc"; has_secret: boolean; redirect_uri: string; sign_in_url: string; state: "draft" | "on" | "off";
  settings: { name: string; issuer: string | null; tenant: string | null; client_id: string | null; team_id: string | null; key_id: string | null; domains: string[]; sign_up: boolean; vouches: boolean; second_factor: boolean };
  tested_at: string | null; hosts: string[]; created_at: string; version: number;
}
export interface List { id: string; name: string; owner_id: string; contacts: number; members: { user_id: string; right: "editor" | "reader" }[]; created_at: string; version: number }
export type Survives = "trusted" | "newest" | "longest" | "fullest" | "all";
export interface MatchingRules {
  id: string; number: number; state: "draft" | "simulated" | "active" | "retired"; origin: "shipped" | "edited" | "learned";
  author: string | null; activated_by: string | null; created_at: string | null; simulated_at: string | null; activated_at: string | null;
  possible: number; obvious: number; weights: { field: string; level: string; sentence: string; bits: number; shipped: number }[];
  survivorship: { field: ContactField; rule: Survives }[]; lesson: { kept: boolean; sentence: string } | null;
  simulation: {
    contacts: number; total: number; obvious_before: number; obvious_after: number; possible_before: number; possible_after: number; more: number; fewer: number;
    decisions: number; against_before: number; against_after: number; proposals: { field: ContactField; contacts: number }[]; complete: boolean; sentence: string;
  } | null;
  outdated: boolean; version: number;
}
export type ContactField = "name_prefix" | "given_name" | "family_name" | "name_suffix" | "job_title" | "department" | "organization" | "emails" | "phones" | "urls" | "addresses";
export interface PairVerdict { weight: number; probability: number; band: "obvious" | "possible" | "none"; outcome: string; sentence: string; reasons: Reason[]; why: Why }
export interface Page<T> { items: T[]; links: { first: string; next: string | null } }
export interface AuditEntry {
  number: number; at: string; action: string; kind: string; subject_id?: string | null; records: string[];
  user_id?: string | null; session_id?: string | null; token_id?: string | null; grant_id?: string | null; address?: string | null;
  request?: string | null; note?: string | null; why?: string | null;
}
export interface AuditRecord { kind: string; id: string; times: number; first_at: string; last_at: string }
export interface Alert {
  id: string; kind: "guessing" | "mass_reading" | "mass_export" | "new_host"; sentence: string; amount: number;
  user_id?: string | null; session_id?: string | null; token_id?: string | null; address?: string | null; host?: string | null;
  first_at: string; last_at: string; seen_by?: string | null; seen_at?: string | null;
}
