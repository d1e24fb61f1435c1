// Writes the gRPC-Web client of the portal into src/gen from the repository's protos.
//
// The browser needs the methods that it calls and their messages, not policy: options and everything else are taken out of the
// descriptors before the plugin runs. That keeps google/api out of the bundle, and the client to a quarter of its size.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const portal = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(portal, '..', '..');
const out = join(portal, 'src', 'gen');
const cache = join(root, '.cache', 'portal-protos');

const ENTRY_FILES = [
  'fivestrand/leadership/v1/visibility_service.proto',
  'fivestrand/leadership/v1/organisation_service.proto',
  'fivestrand/leadership/v1/people_service.proto',
  'fivestrand/leadership/v1/calendar_service.proto',
  'fivestrand/leadership/v1/improvement_service.proto',
  'fivestrand/assessment/v1/analysis.proto',
  'fivestrand/assessment/v1/framework_service.proto',
  'fivestrand/assessment/v1/import_service.proto',
  'fivestrand/assessment/v1/pupil_service.proto',
  'fivestrand/assessment/v1/results.proto',
  'fivestrand/audit/v1/audit.proto',
  'fivestrand/cpd/v1/coaching_service.proto',
  'fivestrand/cpd/v1/learning_service.proto',
  'fivestrand/evidence/v1/evidence.proto',
  'fivestrand/welfare/v1/pulse_service.proto',
  'fivestrand/welfare/v1/welfare_service.proto',
  'fivestrand/events/v1/events.proto',
  'fivestrand/type/v1/error_reason.proto',
  'google/rpc/error_details.proto',
];
// What the portal calls, by service. A method that is missing here is missing in src/gen.
const METHODS = {
  OrganisationService: /^(List(Subjects|TeachingFocuses|SchoolClasses)|GetTrust|UpdateTrust)$/,
  PeopleService: /^List(People|Posts|LineManagements)$/,
  CalendarService: /^$/,
  VisibilityService: /^(?!BatchCreate|List\w+Revisions$)/,
  ImprovementService: /^(?!EvaluateRules$)/,
  EvidenceService: /^ListMeasures$/,
  PupilService: /^(ListPupils|ReadPupilOverview|MergePupils|(Create|Update|Delete|Undelete)GroupMembership)$/,
  FrameworkService: /^(?!BatchCreateScales|List\w+Revisions$|(Get|Delete|Undelete)(Scale|Framework)$|CreateFramework$)/,
  ResultService: /./,
  AnalysisService: /^(AnalyseResults|ListAnalysedPupils)$/,
  ImportService: /^((List|Create|Update|Delete|Undelete)ColumnMappings?|ReadImportProgress)$/,
  CoachingService: /^(?!Batch|List\w+Revisions$|Get|Undelete|ListCoachingSessions$|ListActionSteps$)/,
  LearningService: /^(ListCourses|CreateCourse|UpdateCourse|DeleteCourse|UndeleteCourse|CreateCpdEvent|UpdateCpdEvent|CancelCpdEvent|CreateEvaluation|UpdateEvaluation|ListEvaluations|CreateBooking|ListBookings|ListOpenEvents|ListCpdEvents|ReadEventCalendar|BookPlace|CancelBooking|CheckIn|ReadRegister|RecordAttendance|ListTeamBookings|ReadLearningRecord)$/,
  WelfareService: /^(?!List\w+Revisions$)/,
  PulseService: /^(ListPulseSurveys|CreatePulseSurvey|UpdatePulseSurvey|ClosePulseSurvey|CancelPulseSurvey|ListOpenPulses|AnswerPulse|ReadPulseResults)$/,
  AuditService: /^ListRecordReads$/,
  ChangeService: /./,
  EventFeed: /^$/,
};
// Kept although no method names them.
const EXTRA_MESSAGES = [
  // The answer to an upload, which is no gRPC-Web call.
  '.fivestrand.assessment.v1.ImportAssessmentResponse',
  '.google.rpc.ErrorInfo',
  '.google.rpc.BadRequest',
  '.google.rpc.PreconditionFailure',
  '.google.rpc.RetryInfo',
  '.google.rpc.RequestInfo',
];
// Needed to parse the protos; what is only needed for options does not reach the browser.
const GOOGLE_FILES = [
  'api/annotations',
  'api/client',
  'api/field_behavior',
  'api/field_info',
  'api/http',
  'api/launch_stage',
  'api/resource',
  'rpc/error_details',
  'type/date',
];
const ONLY_FOR_OPTIONS = /^(google\/api\/|google\/protobuf\/descriptor\.proto|fivestrand\/options\/)/;

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

// Nothing to do when every output is newer than every input.
const stamp = join(out, '.stamp');
const inputs = [join(root, 'protos', 'fivestrand'), fileURLToPath(import.meta.url)];
if (existsSync(stamp) && inputs.every((path) => newest(path) < statSync(stamp).mtimeMs)) process.exit(0);

const google = join(cache, 'google-root');
for (const file of GOOGLE_FILES) {
  const target = join(google, 'google', `${file}.proto`);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(root, 'node_modules/google-gax/build/protos/google', `${file}.proto`), target);
}

const full = join(cache, 'full.binpb');
execFileSync('protoc', [`-I${join(root, 'protos')}`, `-I${google}`, '--include_imports', `--descriptor_set_out=${full}`, ...ENTRY_FILES], {
  stdio: 'inherit',
});

const set = fromBinary(FileDescriptorSetSchema, readFileSync(full));
const kept = set.file.filter((file) => !ONLY_FOR_OPTIONS.test(file.name));
for (const file of kept) {
  file.options = undefined;
  file.dependency = file.dependency.filter((name) => !ONLY_FOR_OPTIONS.test(name));
  file.publicDependency = [];
  file.weakDependency = [];
  file.messageType.forEach(stripMessage);
  file.enumType.forEach(stripEnum);
  for (const service of file.service) {
    service.options = undefined;
    for (const method of service.method) method.options = undefined;
  }
}
function stripEnum(descriptor) {
  descriptor.options = undefined;
  for (const value of descriptor.value) value.options = undefined;
}
function stripMessage(descriptor) {
  // A map is an option of its entry message, so that one stays.
  if (!descriptor.options?.mapEntry) descriptor.options = undefined;
  for (const field of descriptor.field) field.options = undefined;
  for (const oneof of descriptor.oneofDecl) oneof.options = undefined;
  descriptor.nestedType.forEach(stripMessage);
  descriptor.enumType.forEach(stripEnum);
}

// Top-level messages and enums that a kept method, or a kept message, names.
const needed = new Set(EXTRA_MESSAGES);
const declared = new Map();
for (const file of kept) {
  for (const type of [...file.messageType, ...file.enumType]) declared.set(`.${file.package}.${type.name}`, type);
  for (const service of file.service) {
    service.method = service.method.filter((method) => (METHODS[service.name] ?? /^$/).test(method.name));
    for (const method of service.method) need(method.inputType).add(method.outputType);
  }
  file.service = file.service.filter((service) => service.method.length > 0);
  if (file.name.endsWith('error_reason.proto')) for (const type of file.enumType) need(`.${file.package}.${type.name}`);
}
function need(name) {
  return needed.add(name);
}
function topLevel(name) {
  while (name && !declared.has(name)) name = name.slice(0, name.lastIndexOf('.'));
  return name;
}
function namesIn(message) {
  return [...(message.field ?? []).map((field) => field.typeName).filter(Boolean), ...(message.nestedType ?? []).flatMap(namesIn)];
}
for (let before = 0; before !== needed.size;) {
  before = needed.size;
  for (const name of [...needed]) {
    const top = topLevel(name);
    if (top) needed.add(top);
    for (const other of namesIn(declared.get(top) ?? {})) needed.add(other);
  }
}
for (const file of kept) {
  if (file.package === 'google.protobuf') continue;
  const isNeeded = (type) => needed.has(`.${file.package}.${type.name}`);
  file.messageType = file.messageType.filter(isNeeded);
  file.enumType = file.enumType.filter(isNeeded);
}
// An import that nothing uses any more would still be shipped.
const fileOf = new Map(
  kept.flatMap((file) => [...file.messageType, ...file.enumType].map((type) => [`.${file.package}.${type.name}`, file.name])),
);
for (const file of kept) {
  const used = new Set(
    [
      ...file.messageType.flatMap(namesIn),
      ...file.service.flatMap((service) => service.method.flatMap((method) => [method.inputType, method.outputType])),
    ].map((name) => fileOf.get(topLevel(name) || name)),
  );
  file.dependency = file.dependency.filter((name) => used.has(name));
}
set.file = kept;
const stripped = join(cache, 'portal.binpb');
writeFileSync(stripped, toBinary(FileDescriptorSetSchema, set));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
execFileSync(
  'protoc',
  [
    `--plugin=protoc-gen-es=${join(root, 'node_modules/.bin/protoc-gen-es')}`,
    `--descriptor_set_in=${stripped}`,
    `--es_out=${out}`,
    '--es_opt=target=ts,import_extension=none',
    ...kept
      .filter(
        (file) => !file.name.startsWith('google/protobuf/') && file.messageType.length + file.enumType.length + file.service.length > 0,
      )
      .map((file) => file.name),
  ],
  { stdio: 'inherit' },
);
writeFileSync(stamp, '');
