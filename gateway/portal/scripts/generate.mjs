// Writes the gRPC-Web client of the portal into src/gen from the repository's protos.
//
// The browser needs messages and methods, not policy: options are taken out of the descriptors before the plugin runs, which keeps
// google/api and the option files out of the bundle and halves the descriptors that are shipped.
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
  'fivestrand/evidence/v1/evidence.proto',
  'fivestrand/events/v1/events.proto',
  'fivestrand/type/v1/error_reason.proto',
  'google/rpc/error_details.proto',
];
// Needed to parse the protos; what is only needed for options does not reach the browser.
const GOOGLE_FILES = [
  'api/annotations', 'api/client', 'api/field_behavior', 'api/field_info', 'api/http', 'api/launch_stage', 'api/resource',
  'rpc/error_details', 'type/date',
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
execFileSync('protoc', [
  `-I${join(root, 'protos')}`, `-I${google}`, '--include_imports', '--include_source_info', `--descriptor_set_out=${full}`, ...ENTRY_FILES,
], { stdio: 'inherit' });

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
set.file = kept;
const stripped = join(cache, 'portal.binpb');
writeFileSync(stripped, toBinary(FileDescriptorSetSchema, set));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
execFileSync('protoc', [
  `--plugin=protoc-gen-es=${join(root, 'node_modules/.bin/protoc-gen-es')}`,
  `--descriptor_set_in=${stripped}`,
  `--es_out=${out}`,
  '--es_opt=target=ts,import_extension=none',
  ...kept.map((file) => file.name).filter((name) => !name.startsWith('google/protobuf/')),
], { stdio: 'inherit' });
writeFileSync(stamp, '');
